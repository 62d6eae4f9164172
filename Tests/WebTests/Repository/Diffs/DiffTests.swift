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
        let diff = try #require(WordDiff(old, new, within: DiffBudget()))

        #expect(Self.marked(diff.old) == markedOld)
        #expect(Self.marked(diff.new) == markedNew)
    }

    @Test func `lines that have nothing in common have no marks`() {
        #expect(WordDiff("import numpy", "class Model:", within: DiffBudget()) == nil)
        #expect(WordDiff(String(repeating: "a ", count: 3_000), "b", within: DiffBudget()) == nil)
    }

    @Test func `a piece is text`() throws {
        let diff = try #require(
            WordDiff("x = \"<b>\" + y + z", "x = \"<i>\" + y + z", within: DiffBudget())
        )

        #expect(diff.new.html.text == "x = &quot;&lt;<mark>i</mark>&gt;&quot; + y + z")
    }

    @Test func `once the budget is spent no line is looked into`() {
        let budget = DiffBudget(steps: 10)

        // Words that both have, each in another order.
        #expect(WordDiff("a b c d e f g h", "h g f e d c b a", within: budget) == nil)
        #expect(budget.isSpent)
        #expect(WordDiff("lr = 0.1", "lr = 0.2", within: budget) == nil)
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
        #expect(Alignment.steps(old, new, within: DiffBudget()) == steps)
    }

    @Test(arguments: [UInt64](1...20))
    func `as much stays as can`(seed: UInt64) {
        var random = SplitMix(state: seed)
        let (old, new) = (random.letters(upTo: 40), random.letters(upTo: 40))

        let pairs = Alignment.pairs(old, new, within: DiffBudget())

        #expect(pairs.allSatisfy { old[$0.old] == new[$0.new] })
        #expect(zip(pairs, pairs.dropFirst()).allSatisfy { $0.old < $1.old && $0.new < $1.new })
        #expect(pairs.count == Self.longestCommon(old, new))
    }

    /// By the table of all beginnings.
    private static func longestCommon(_ old: [Character], _ new: [Character]) -> Int {
        var lengths = [Int](repeating: 0, count: new.count + 1)
        for element in old {
            var before = 0
            for place in new.indices {
                let above = lengths[place + 1]
                lengths[place + 1] = element == new[place] ? before + 1 : max(above, lengths[place])
                before = above
            }
        }
        return lengths[new.count]
    }

    @Test func `what has nothing in common costs nothing`() {
        let budget = DiffBudget(steps: 0)

        let steps = Alignment.steps(Array(0..<5_000), Array(5_000..<9_000), within: budget)

        #expect(steps == [.changed(old: 0..<5_000, new: 0..<4_000)])
        #expect(!budget.isSpent)
    }

    @Test func `where too much differs, the beginning and the end stay`() {
        let (numbers, budget) = (Array(0..<3_000), DiffBudget())

        let steps = Alignment.steps([-1] + numbers + [-2], [-1] + numbers.reversed() + [-2], within: budget)

        #expect(
            steps == [.same(0, 0), .changed(old: 1..<3_001, new: 1..<3_001), .same(3_001, 3_001)]
        )
        #expect(budget.isSpent)
    }
}

/// Numbers that are the same in each run.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func letters(upTo most: Int) -> [Character] {
        (0..<Int.random(in: 0...most, using: &self)).map { _ in "abcd".randomElement(using: &self) ?? "a" }
    }
}

@Suite struct TableDiffTests {
    private static func html(_ old: String, _ new: String) throws -> String {
        let tables = [old, new].map { TextTable(Array($0.utf8), separator: ",") }
        return try #require(TableDiff(old: tables[0], new: tables[1])).html(within: DiffBudget()).text
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

    @Test func `rows that nobody looked for are told`() throws {
        let rows = (0..<900).map { "\($0),x" }
        let tables = [rows, rows.reversed()].map { rows in
            TextTable(Array(("a,b\n" + rows.joined(separator: "\n")).utf8), separator: ",")
        }
        let diff = try #require(TableDiff(old: tables[0], new: tables[1]))

        #expect(diff.html(within: DiffBudget(steps: 1_000)).text.contains("was looked for"))
        #expect(!diff.html(within: DiffBudget(steps: 10_000_000)).text.contains("was looked for"))
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
            .html(within: DiffBudget()).text

        #expect(html.contains("Cell 1, the same"))
        #expect(html.contains("fit(lr=<mark>1</mark>)") && html.contains("fit(lr=<mark>2</mark>)"))
        #expect(html.contains("&lt;b&gt;") && !html.contains("<b>"))
    }
    @Test func `cells and lines that are left out are told`() throws {
        func notebook(_ cells: [String]) throws -> Notebook {
            let cells = cells.map { #"{"cell_type": "code", "source": "\#($0)", "outputs": []}"# }
            return try #require(Notebook(Array(#"{"cells": [\#(cells.joined(separator: ", "))]}"#.utf8)))
        }
        let (many, lines) = ((0..<1_003).map { "f(\($0))" }, (0..<2_005).map(String.init))

        let cells = NotebookDiff(old: try notebook(many), new: try notebook(many.reversed()))
            .html(within: DiffBudget(steps: 1_000)).text
        let long = NotebookDiff(old: try notebook([]), new: try notebook([lines.joined(separator: #"\n"#)]))
            .html(within: DiffBudget()).text

        #expect(cells.contains("not everything that stayed the same was looked for"))
        #expect(cells.contains("not the last 3"))
        #expect(long.contains("… and 5 more"))
        #expect(!long.contains("was looked for"))
    }
}
