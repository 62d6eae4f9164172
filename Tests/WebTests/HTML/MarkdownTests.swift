import Testing

@testable import Web

@Suite struct MarkdownTests {
    @Test(arguments: [
        ("# One\n\ntwo", "<h1>One</h1>\n<p>two</p>"),
        ("| a |\n|---|\n| 1 |", "<table>"), ("- [x] done", "checked=\"\""), ("~~old~~", "<del>old</del>"),
        ("https://example.org", "<a href=\"https://example.org\">"),
        ("```python\nx < 1\n```", "<pre><code class=\"language-python\">x &lt; 1"),
    ])
    func `GitHub's Markdown becomes markup`(text: String, part: String) {
        #expect(Markdown(text).html().text.contains(part))
    }

    @Test(arguments: [
        ("Sweep over **lr** and `depth`\nof it\n\nmore", "Sweep over lr and depth of it"),
        ("# One\n\ntwo", "One"), ("\n- [a](b) first\n- second", "a first"), ("```\ncode\n```", ""), ("", ""),
        ("<b>bold</b> & so", "bold & so"),
    ])
    func `a text begins with words`(text: String, beginning: String) {
        #expect(Markdown(text).beginning == beginning)
    }

    @Test(arguments: [
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[a](javascript:alert(1))",
        "![a](javascript:alert(1))", "[a](data:text/html,<script>alert(1)</script>)",
        "<a href=\"javascript:alert(1)\">a</a>", "[a](  JaVaScRiPt:alert(1))", "<iframe src=//evil.example>",
    ])
    func `nothing in a text runs`(text: String) {
        let markup = Markdown(text).html().text.lowercased()

        for trick in [
            "<script", "onerror", "href=\"javascript", "src=\"javascript", "href=\"data", "<iframe",
        ] {
            #expect(!markup.contains(trick), "\(markup)")
        }
    }

    @Test func `addresses are made those of this server`() {
        let markup = Markdown("[a](docs/a.md) ![b](b.png)").html { address, isPicture in
            (isPicture ? "/raw/" : "/src/") + address
        }

        #expect(markup.text.contains("href=\"/src/docs/a.md\""))
        #expect(markup.text.contains("src=\"/raw/b.png\""))
    }

    @Test(arguments: [
        ("a $x_1 + y_2$ b", "<p>a <span class=\"math\">x_1 + y_2</span> b</p>"),
        ("$$\n\\sum_{i} \\{a\\}\n$$", "<span class=\"math display\">\n\\sum_{i} \\{a\\}\n</span>"),
        ("$a<b$", "<span class=\"math\">a&lt;b</span>"), ("it costs $5 and $6", "it costs $5 and $6"),
        ("$ x $", "$ x $"), ("`$a$` $b$", "<code>$a$</code> <span class=\"math\">b</span>"),
        ("```\n$a$\n```\n", "<pre><code>$a$\n</code></pre>"),
        ("~~~\n$a$\n~~~\n", "<pre><code>$a$\n</code></pre>"),
        ("    $a$\n", "<pre><code>$a$\n</code></pre>"), ("\\$a$", "$a$"), ("$a\n\nb$", "$a"),
        ("[l](http://x.y/$a$)", "href=\"http://x.y/$a$\""), ("[l](x \"$a<$\")", "title=\"$a&lt;$\""),
        ("| $a|b$ | c |\n|---|---|\n", "<th><span class=\"math\">a|b</span></th>"),
        ("`` $a` $b$ ``", "<code>$a` $b$</code>"), ("- [x] done", "aria-label=\"Task\""),
    ])
    func `formulas are taken as they are written`(text: String, part: String) {
        #expect(Markdown(text).html().text.contains(part))
    }

    @Test(arguments: [
        "![$<img src=x>$](data:image/png;base64,a)", "$<script>x</script>$", "[a](b '$\" onclick=\"x$')",
    ])
    func `a formula is text wherever it stands`(text: String) {
        let markup = Markdown(text).html().text

        #expect(
            !markup.contains("<script") && !markup.contains("<img src=x") && !markup.contains("\" onclick=")
        )
    }

    @Test func `a text with many open marks takes no time`() {
        let text = (1...1_200).map { String(repeating: "`", count: $0) + " $" }.joined(separator: " ")

        let start = ContinuousClock.now
        #expect(Markdown(text).html().text.contains("$"))
        #expect(ContinuousClock.now - start < .seconds(20))
    }

    @Test(arguments: ["$", "$>", "$a$ "])
    func `many dollars take no time`(text: String) {
        let start = ContinuousClock.now
        #expect(Markdown(String(repeating: text, count: 60_000)).html().text.hasPrefix("<div"))
        #expect(ContinuousClock.now - start < .seconds(20))
    }

    @Test(arguments: ["&#xE000;0&#xE001; $a$", "&#57344;0&#57345; $a$", "&#xe000 $a$ &#X00E000;"])
    func `a mark that is named by its number is no formula`(text: String) {
        #expect(!Markdown(text).html().text.contains("math"))
    }

    @Test func `a picture of another host has no address`() {
        #expect(Markdown("![a](https://elsewhere.example/b.png)").html().text.contains("src=\"\""))
    }
}
