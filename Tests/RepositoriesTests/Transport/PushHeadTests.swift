import Core
import NIOCore
@testable import Repositories
import Testing

@Suite struct PushHeadTests {
    private let one = String(repeating: "1", count: 40)
    private let two = String(repeating: "2", count: 40)
    private let zero = String(repeating: "0", count: 40)

    private func line(_ text: String) -> String {
        let length = String(text.utf8.count + 4, radix: 16)
        return String(repeating: "0", count: 4 - length.count) + length + text
    }

    @Test(arguments: [1, 3, 7, 10_000])
    func `wishes are read however they are cut`(pieceBytes: Int) throws {
        let text =
            line("shallow \(one)\n") + line("\(zero) \(one) refs/heads/a b\0report-status side-band-64k\n")
            + line("\(one) \(two) refs/heads/main") + line("\(two) \(zero) refs/tags/v1\n") + "0000PACK0000"
        var head = PushHead()
        var rest = ByteBuffer(string: text)
        while let piece = rest.readSlice(length: min(pieceBytes, max(1, rest.readableBytes))) {
            try head.take(piece)
        }

        #expect(head.isComplete)
        #expect(
            head.changes == [
                RefChange("refs/heads/a b", from: nil, to: one),
                RefChange("refs/heads/main", from: one, to: two),
                RefChange("refs/tags/v1", from: two, to: nil),
            ]
        )
    }

    @Test func `a probe wishes nothing`() throws {
        var head = PushHead()
        try head.take(ByteBuffer(string: "0000"))
        #expect(head.isComplete)
        #expect(head.changes.isEmpty)
    }

    @Test(arguments: [
        "zzzz", "0003", "-001", "+00a", "0008abcd", "00e0" + String(repeating: " ", count: 220),
    ])
    func `what is no push is refused`(text: String) {
        var head = PushHead()
        #expect(throws: Failure.self) { try head.take(ByteBuffer(string: text)) }
    }

    /// The hook, which is told the name as `git` has it, would read a line for each.
    @Test(arguments: ["refs/heads/a\n\n", "refs/heads/a\nb\n", "refs/heads/a\n\0report-status\n"])
    func `a name has one line`(name: String) {
        var head = PushHead()
        #expect(throws: Failure.self) {
            try head.take(ByteBuffer(string: line("\(one) \(zero) \(name)") + "0000"))
        }
    }

    @Test func `the wishes of one push are bounded`() throws {
        let text = String(repeating: line("\(zero) \(one) refs/heads/a"), count: 10)
        var head = PushHead(limitBytes: 2_000)
        try head.take(ByteBuffer(string: text))
        #expect(throws: Failure.self) {
            try head.take(ByteBuffer(string: text))
            try head.take(ByteBuffer(string: text))
        }
    }
}
