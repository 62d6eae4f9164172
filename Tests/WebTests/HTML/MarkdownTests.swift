import Testing

@testable import Web

@Suite struct MarkdownTests {
    @Test(arguments: [
        ("# One\n\ntwo", "<h1>One</h1>\n<p>two</p>"),
        ("| a |\n|---|\n| 1 |", "<table>"), ("- [x] done", "checked=\"\""), ("~~old~~", "<del>old</del>"),
        ("https://example.org", "<a href=\"https://example.org\">"),
        ("```python\nx < 1\n```", "<pre lang=\"python\"><code>x &lt; 1"),
    ])
    func `GitHub's Markdown becomes markup`(text: String, part: String) {
        #expect(Markdown(text).html().text.contains(part))
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
}
