import Core
import Repositories
import Testing

@testable import Web

@Suite struct EditableTextTests {
    /// A browser sends every line with CR LF.
    @Test(
        arguments: [
            ("a\nb\n", "a\r\nc\r\n", "a\nc\n"),
            ("a\r\nb\r\n", "a\r\nc\r\nd\r\n", "a\r\nc\r\nd\r\n"),
            // One line of others: the others stay, whether they are before what changes or behind it.
            ("a\r\nb\nc\nd\n", "a\r\nb\r\nx\r\nd\r\n", "a\r\nb\nx\nd\n"),
            ("a\nb\nc\r\n", "x\r\nb\r\nc\r\n", "x\nb\nc\r\n"),
            ("a\r\nb\r\nc\n", "a\r\nx\r\ny\r\nc\r\n", "a\r\nx\r\ny\r\nc\n"),
            // The last line gets an end, or loses it.
            ("a\nb", "a\r\nb\r\n", "a\nb\n"), ("a\nb\n", "a\r\nb", "a\nb"),
            ("a\r\nb", "a\r\nb\r\nc", "a\r\nb\r\nc"),
            // Lines are taken out, or all of them.
            ("a\na\nb\n", "a\r\nb\r\n", "a\nb\n"), ("a\r\n", "", ""), ("", "a\r\n", "a\n"),
        ]
    )
    func `lines end as they did`(file: String, typed: String, kept: String) throws {
        let text = try EditableText(Array(file.utf8), of: TreePath("a.txt"))

        #expect(String(decoding: text.bytes(of: Array(typed.utf8)), as: UTF8.self) == kept)
    }

    @Test(arguments: [("a\nb\r\n", false), ("a\r\nb\r\nc\n", true), ("a", false)])
    func `most lines say how they end`(file: String, endsByReturn: Bool) throws {
        #expect(
            try EditableText(Array(file.utf8), of: TreePath("a.txt")).endsLinesByReturn == endsByReturn
        )
    }

    @Test(
        arguments: [
            (Array("a\rb\n".utf8), "a CR with no LF"), (Array("a\n\r".utf8), "a CR with no LF"),
            ([0x63, 0x61, 0x66, 0xE9], "must be in UTF-8"), ([0x61, 0], "must be in UTF-8"),
        ] as [([UInt8], String)]
    )
    func `what a browser would change is not edited`(bytes: [UInt8], reason: String) throws {
        let path = try TreePath("a.txt")
        let failure = #expect(throws: Failure.self) { try EditableText(bytes, of: path) }
        #expect(failure?.message.contains(reason) == true)
    }
}
