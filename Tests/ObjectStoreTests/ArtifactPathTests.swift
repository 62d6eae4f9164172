import Core
import Testing

@testable import ObjectStore

@Suite
struct ArtifactPathTests {
    @Test(arguments: [
        "a", "a/b.txt", "0/4f/artifacts/model/MLmodel", "with space", "2024-01-01T10:00:00.csv", "100%.txt",
        "50%zz",
        "..a", "a..b", ".hidden", "été", "日本語", "a;b", "a?b", "\"q\"", "~", "-rf", "a'b", "a&b",
        "%C3%A9", "a%5cb", "a%255cb", "a%2500", "%23", "a%2523",
        "images/samples%step%1%timestamp%1795462976708%5ca96fba-3ced-409d-af7e-20d7d6ece20e.png",
    ])
    func `a plain name is taken as it is`(text: String) throws {
        #expect(try ArtifactPath(text).text == text)
    }

    @Test(arguments: [
        "", "/", "/etc/passwd", "//x", "a//b", "a/", ".", "..", "...", "./a", "a/.", "a/./b", "../a", "a/..",
        "a/../b",
        "..\\a", "a\\b", "\\\\host\\share", "C:\\x", "C:/x", "c:", "a\0b", "a\nb", "\u{7F}", "\u{85}", "a#b",
        "#",
        "%2e%2e/a", "%2E%2E%2Fa", "%252e%252e%252fa", "%25252e%25252e/a", "a%2f%2e%2e", "a/%2e", "%2fetc",
        "..%5ca", "a%5c..%5cb", "..%255ca", "%5cetc", "C%3a/x", "..%00/a", "..%20/a", "%00",
        "\u{FF0F}etc", "a\u{FF3C}b", "\u{FF0E}\u{FF0E}/a",
        "\u{2025}/a",
        "\u{2024}\u{2024}", "a\u{2215}b", "a\u{2044}b", "a\u{202E}gnp.exe", "%EF%BC%8Fetc",
        "file:///etc/passwd",
        "a/file:///x", "path;/../../x", "?/../../x", "http://x/../y",
        String(repeating: "a", count: 256), String(repeating: "a/", count: 1_024) + "b",
    ])
    func `a path that leads elsewhere in any reading is refused with the words of the original`(text: String)
    {
        let failure = #expect(throws: Failure.self) { try ArtifactPath(text) }

        #expect(failure?.code == .invalidParameter)
        #expect(failure?.message == "Invalid path")
    }

    @Test func `two ways to write a letter are one name`() throws {
        #expect(
            try ArtifactPath("e\u{301}.txt").text.unicodeScalars.elementsEqual("\u{E9}.txt".unicodeScalars)
        )
    }

    @Test(arguments: [
        ("a%20b", "a b"), ("%C3%A9", "é"), ("%", "%"), ("100%", "100%"), ("%zz", "%zz"), ("%252e", "%2e"),
        ("+", "+"),
        ("%ff", nil), ("%C3", nil), ("", ""),
    ])
    func `decoding happens once and only to text`(encoded: String, decoded: String?) {
        #expect(ArtifactPath.decoded(encoded) == decoded)
    }

    @Test func `a path knows its name and its folders`() throws {
        let path = try ArtifactPath("a/b/c.txt")

        #expect(path.name == "c.txt")
        #expect(path.folders == ["a", "a/b"])
        #expect(try ArtifactPath("c.txt").folders.isEmpty)
    }
}
