import Testing

@testable import Outbound

@Suite struct NetworkRangeTests {
    @Test(arguments: [
        ("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.1", false),
        ("10.1.2.3", "10.1.2.3", true), ("10.1.2.3", "10.1.2.4", false),
        ("172.16.0.0/12", "172.31.9.9", true),
        ("172.16.0.0/12", "172.32.0.0", false), ("0.0.0.0/0", "8.8.8.8", true), ("0.0.0.0/0", "::1", false),
        ("fd00::/8", "fdff::1", true), ("fd00::/8", "fe00::1", false), ("::1", "::1", true),
    ])
    func `a range holds what begins as it does`(range: String, address: String, isWithin: Bool) throws {
        let range = try #require(NetworkRange(range))
        #expect(range.contains(try #require(NetworkAddress(address))) == isWithin)
    }

    @Test(arguments: [
        "", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/08", "10.0.0/8", "::/129", "x", "/8",
        "10.0.0.0/",
    ])
    func `what is no range is none`(text: String) {
        #expect(NetworkRange(text) == nil)
    }
}
