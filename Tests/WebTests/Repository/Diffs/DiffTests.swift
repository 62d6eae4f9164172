import Core
import Testing

@testable import Web

@Suite struct WordDiffTests {
    private static func marked(_ pieces: [WordDiff.Piece]) -> String {
        pieces.map { $0.isChanged ? "[\($0.text)]" : $0.text }.joined()
    }

    @Test(arguments: [
        ("lr = 0.1", "lr = 0.2", "lr = 0.[1]", "lr = 0.[2]"),
        ("fit(model, data)", "fit(model, more, data)", "fit(model, data)", "fit(model, [more, ]data)"),
        ("a b c d", "a x c d", "a [b] c d", "a [x] c d"),
        ("same", "same", "same", "same"),
        ("return old_name", "return new_name", "return [old_name]", "return [new_name]"),
    ])
    func `words that differ are marked`(old: String, new: String, markedOld: String, markedNew: String) throws
    {
        let diff = try #require(WordDiff(old, new))

        #expect(Self.marked(diff.old) == markedOld)
        #expect(Self.marked(diff.new) == markedNew)
    }

    @Test func `lines that have nothing in common have no marks`() {
        #expect(WordDiff("import numpy", "class Model:") == nil)
        #expect(WordDiff(String(repeating: "a ", count: 3_000), "b") == nil)
    }

    @Test func `a piece is text`() throws {
        let diff = try #require(WordDiff("x = \"<b>\" + y + z", "x = \"<i>\" + y + z"))

        #expect(diff.new.html.text == "x = &quot;&lt;<mark>i</mark>&gt;&quot; + y + z")
    }
}

@Suite struct AlignmentTests {
    @Test(arguments: [
        (["a", "b"], ["a", "b"], [Alignment.Step.same(0, 0), .same(1, 1)]),
        (["a", "b", "c"], ["a", "x", "c"], [.same(0, 0), .changed(old: 1..<2, new: 1..<2), .same(2, 2)]),
        ([], ["a"], [.changed(old: 0..<0, new: 0..<1)]), (["a"], [], [.changed(old: 0..<1, new: 0..<0)]),
        (["a", "b"], ["b"], [.changed(old: 0..<1, new: 0..<0), .same(1, 0)]), ([], [], []),
    ])
    func `lists stand beside each other`(old: [String], new: [String], steps: [Alignment.Step]) {
        #expect(Alignment.steps(old, new) == steps)
    }
}

@Suite struct TableDiffTests {
    private static func html(_ old: String, _ new: String) throws -> String {
        let tables = [old, new].map { TextTable(Array($0.utf8), separator: ",") }
        return try #require(TableDiff(old: tables[0], new: tables[1])).html.text
    }

    @Test func `a cell that changed shows both values`() throws {
        let html = try Self.html("a,b\n1,2\n3,4\n", "a,b\n1,2\n3,5\n")

        #expect(html.contains("<td class=\"number changed\"><del>4</del> <ins>5</ins></td>"))
    }

    @Test func `columns are found by their names`() throws {
        let html = try Self.html("a,b\n1,2\n", "b,c\n2,<3>\n")

        #expect(html.contains("<th scope=\"col\" class=\"add\">+ c</th>"))
        #expect(html.contains("<th scope=\"col\" class=\"del\">− a</th>"))
        #expect(html.contains("<ins>&lt;3&gt;</ins>"))
    }

    @Test func `rows that stay the same are counted`() throws {
        let rows = (0..<50).map { "\($0),x" }.joined(separator: "\n")

        let html = try Self.html("a,b\n\(rows)\n", "a,b\n\(rows)\n99,y\n")

        #expect(html.contains("49 rows the same") && html.contains("class=\"add\""))
    }
}

@Suite struct NotebookDiffTests {
    @Test func `a cell that changed shows its lines and outputs`() throws {
        func notebook(_ source: String, _ text: String) throws -> Notebook {
            let json =
                #"{"cells": [{"cell_type": "code", "source": "import a", "outputs": []}, {"cell_type": "code", "source": "SOURCE", "outputs": [{"output_type": "stream", "name": "stdout", "text": "TEXT"}]}]}"#
            return try #require(
                Notebook(Array(json.replacing("SOURCE", with: source).replacing("TEXT", with: text).utf8))
            )
        }

        let html = NotebookDiff(old: try notebook("fit(lr=1)", "<b>"), new: try notebook("fit(lr=2)", "c"))
            .html.text

        #expect(html.contains("Cell 1, the same"))
        #expect(html.contains("fit(lr=<mark>1</mark>)") && html.contains("fit(lr=<mark>2</mark>)"))
        #expect(html.contains("&lt;b&gt;") && !html.contains("<b>"))
    }
}
