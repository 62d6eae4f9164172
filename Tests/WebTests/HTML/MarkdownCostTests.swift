import Testing

@testable import Web

@Suite struct MarkdownCostTests {
    struct Costly: Sendable {
        /// What stands first.
        let start: String
        /// What is repeated in the first half.
        let head: String
        /// What stands between.
        let middle: String
        /// What is repeated in the second half.
        let tail: String

        init(_ start: String, _ head: String, _ middle: String, _ tail: String) {
            (self.start, self.head, self.middle, self.tail) = (start, head, middle, tail)
        }

        func text(bytes: Int) -> String {
            func half(_ part: String) -> String {
                part.isEmpty ? "" : String(repeating: part, count: bytes / 2 / part.utf8.count)
            }
            return start + half(head) + middle + half(tail)
        }
    }

    private static let costly: [Costly] = [
        .init("", "- ", "a\n", "\n"), .init("", ">", "\n", "b\n"), .init("", "- ", "", "</a>~="),
        .init("", "1. ", "a\n", "2. b\n"), .init("> ", "- ", "a\n", "> b\n"), .init("", "", "", "a <?"),
        .init("", "", "", "a <!A "), .init("", "", "", "a <![CDATA["), .init("", "", "", "![[]()"),
        .init("", "", "", "![l"), .init("", "[", "a", "]"), .init("", "*a ", "", "b_ "),
        .init("", "", "", "_ "), .init("", "|a", "|\n", "|-"), .init("|a|\n|-|\n", "", "", "|"),
        .init("", "a\n", "|a|\n|-|\n", "b"), .init("", "", "", "-|a|\n|-|\n"),
        .init("|a|a|a|a|a|a|a|a|\n", "|-", "|\n", "b\n"), .init("http://a", "", "", ")"),
        .init("", "", "", "<_www.)"), .init("", "", "", "a@b."), .init("[a]: ", "u", "\n\n", "[a]"),
        .init("[^a]: u\n\n", "", "", "[^a]"), .init("[a]: u '", "b\n]:", "'\n\n", "[a]"),
        .init("", "`", " ", "``` "),
    ]

    /// The longest of them took the library minutes.
    @Test(arguments: costly)
    func `no text takes long`(costly: Costly) {
        var bytes = 256 << 10
        while MarkdownCost(costly.text(bytes: bytes)).share > 1 { bytes /= 2 }

        let start = ContinuousClock.now
        let longest = Markdown(costly.text(bytes: bytes)).html()
        _ = Markdown(costly.text(bytes: 1 << 20)).html()
        #expect(ContinuousClock.now - start < .seconds(20))
        #expect(longest.text.hasPrefix("<div class=\"markdown\">"))
    }

    @Test func `what people write is laid out, long as it may be`() {
        let section = """
            ## Results [![passing](https://x.example/badge.svg)](https://x.example/runs) <!-- kept -->

            Some *words* with `code`, **more** and [a link][docs] (as said before); ann@example.org, see [^1].

            1. first
               - within it
                 - and within that
                   > quoted

                   ```php
                   <?php echo "| a | b |"; ?>
                   ```
            2. second

            | model | lr | loss |
            | :--- | ---: | --- |
            \(String(repeating: "| [m](https://x.example/m) | 0.1 | 0.25 |\n", count: 30))
            * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * * *


            """
        let text =
            String(repeating: section, count: 130)
            + (0..<200).map { "[docs\($0)]: https://x.example/docs/\($0) \"Page \($0)\"\n" }.joined()
            + "[docs]: https://x.example/docs\n\n[^1]: A note.\n"

        #expect(text.utf8.count > 200_000)
        #expect(MarkdownCost(text).share < 1)
        let markup = Markdown(text).html().text
        #expect(markup.contains("<a href=\"https://x.example/docs\">a link</a>"))
        #expect(markup.contains("<td align=\"right\">0.1</td>"))
    }

    @Test func `a text that is too deep is shown as it is written, with the reason`() {
        let text = String(repeating: "> ", count: 65) + "<b>deep"

        let markup = Markdown(text).html().text
        #expect(markup.contains("it would take too long to lay it out"))
        #expect(markup.hasSuffix("&lt;b&gt;deep</pre>"))
    }

    @Test func `a page lays out so much and no more`() {
        let text = String(repeating: "a\n\n", count: 150_000 / 3)
        let budget = MarkdownBudget(texts: 1)

        let shown = (0..<3).map { _ in Markdown(text).html(within: budget).text.contains("<pre") }
        #expect(shown == [false, true, true])
    }
}
