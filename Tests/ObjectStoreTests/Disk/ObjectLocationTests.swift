import Testing

@testable import ObjectStore

@Suite
struct ObjectLocationTests {
    @Test(arguments: [Int64.min, -1, 0, 1, .max])
    func `a name is read back`(nonce: Int64) {
        let location = ObjectLocation(hash: ContentHash(bytes: Array(0..<32)), nonce: nonce)

        #expect(ObjectLocation(name: location.name) == location)
        #expect(location.shard == "00")
        #expect(location.name.utf8.count == 81)
    }

    @Test(arguments: [
        "", "-", "note", String(repeating: "0", count: 64),
        String(repeating: "0", count: 64) + "-1", String(repeating: "A", count: 64) + "-0000000000000001",
        String(repeating: "0", count: 64) + "-000000000000000A", "../" + String(repeating: "0", count: 78),
    ])
    func `nothing else is a name`(text: String) {
        #expect(ObjectLocation(name: text) == nil)
    }
}
