import Core
import Repositories
import Testing

@testable import Web

@Suite struct RawTypeTests {
    /// Only what browsers show by themselves is sent as what it is; what they would run is marked.
    @Test(arguments: [
        ("a.py", "text/plain; charset=utf-8", false), ("a.js", "text/plain; charset=utf-8", false),
        ("a.css", "text/plain; charset=utf-8", false), ("a.xml", "text/plain; charset=utf-8", false),
        ("a.html", "text/html", true), ("a.xhtml", "application/xhtml+xml", true),
        ("a.svg", "image/svg+xml", true),
        ("a.svgz", "image/svg+xml", true), ("a.png", "image/png", false), ("a.webp", "image/webp", false),
        ("a.xsl", "text/plain; charset=utf-8", false), ("a.swf", "application/octet-stream", false),
        ("a.zip", "application/octet-stream", false), ("a", "application/octet-stream", false),
    ])
    func `bytes are sent with a type that is safe`(name: String, type: String, isActive: Bool) {
        #expect(RawType.of(name) == type)
        #expect(RawType.isActive(RawType.of(name)) == isActive)
    }
}

@Suite struct TextLinesTests {
    @Test(arguments: [
        ("", []), ("a", ["a"]), ("a\nb", ["a", "b"]), ("a\nb\n", ["a", "b"]), ("a\r\nb\r\n", ["a", "b"]),
        ("\n\n", ["", ""]), ("a\rb", ["a\rb"]),
    ])
    func `a file has its lines`(text: String, lines: [String]) {
        let found = TextLines(Array(text.utf8))

        #expect((0..<found.count).map { found[$0].text } == lines)
    }

    @Test func `a long line is cut and says how much is missing`() {
        let lines = TextLines([UInt8](repeating: 0x78, count: 1_000_000))

        #expect(lines[0].text.utf8.count == TextLines.longestBytes)
        #expect(lines[0].hiddenBytes == 1_000_000 - TextLines.longestBytes)
    }

    @Test func `what is no text is shown with marks`() {
        #expect(TextLines([0xFF, 0x61])[0].text == "\u{fffd}a")
        #expect(TextLines.isBinary([0x61, 0, 0x62]))
        #expect(!TextLines.isBinary([0xFF, 0xFE]))
    }

    @Test(arguments: [
        ("a\u{202e}b", true), ("a\u{2066}b", true), ("naïve – “quoted”", false), ("\u{202f}", false),
    ])
    func `characters that turn text are found`(text: String, isFound: Bool) {
        #expect(TextLines(Array(text.utf8)).hasDirectionMarks == isFound)
    }

    @Test func `a long file is shown in parts`() throws {
        let lines = TextLines(Array(String(repeating: "x\n", count: 100_000).utf8))
        let table = CodeTable(lines: lines, path: try TreePath("a.txt"), page: 25)

        #expect(table.pageCount == 25)
        #expect(table.html.text.contains("id=\"L100000\"") && !table.html.text.contains("id=\"L96000\""))
    }
}

@Suite struct TextTableTests {
    @Test(arguments: [
        ("a,b\n1,2\n", [["a", "b"], ["1", "2"]]), ("a,\"b,c\"\n", [["a", "b,c"]]),
        ("\"x\"\"y\",z", [["x\"y", "z"]]), ("\"two\nlines\",z\r\nw,v", [["two\nlines", "z"], ["w", "v"]]),
        ("a,,\n", [["a", "", ""]]), ("\"open", [["open"]]), ("\"a\"b,c", [["ab", "c"]]), ("", []),
    ])
    func `a table is read`(text: String, rows: [[String]]) {
        #expect(TextTable(Array(text.utf8), separator: ",").rows == rows)
    }

    @Test func `a table that is long is cut and says so`() {
        let table = TextTable(Array(String(repeating: "1,2\n", count: 3_000).utf8), separator: ",")

        #expect(table.rows.count == TextTable.mostRows)
        #expect(table.isCut)
    }

    @Test func `a cell is text`() {
        let html = TextTable(Array("<b>,b\n<script>,2\n".utf8), separator: ",").html.text

        #expect(html.contains("&lt;script&gt;") && !html.contains("<script>"))
        #expect(html.contains("<td class=\"number\">2</td>"))
    }
}

@Suite struct DataPointerTests {
    @Test func `a pointer of DVC says what it stands for`() throws {
        let pointer = try #require(
            DataPointer(
                "outs:\n- md5: abc.dir\n  size: 12\n  nfiles: 3\n  hash: md5\n  path: data\n- path: b\n"
            )
        )

        #expect(pointer.outputs.map(\.path) == ["data", "b"])
        #expect(pointer.outputs[0].hash == "abc.dir")
        #expect(pointer.outputs[0].sizeBytes == 12)
        #expect(pointer.outputs[0].fileCount == 3)
    }

    @Test func `another text is no pointer`() {
        #expect(DataPointer("deps:\n- path: x\n") == nil)
    }
}
