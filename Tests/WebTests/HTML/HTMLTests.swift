import Testing

@testable import Web

@Suite struct HTMLTests {
    @Test(arguments: [
        ("plain", "plain"), ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("a \"quoted\" 'word' & more", "a &quot;quoted&quot; &#39;word&#39; &amp; more"),
        ("Σ < Ω", "Σ &lt; Ω"), ("a\0b<", "a\u{fffd}b&lt;"), ("", ""),
    ])
    func `what is interpolated is text`(value: String, shown: String) {
        #expect(
            ("<p title=\"\(value)\">\(value[...])</p>" as HTML).text == "<p title=\"\(shown)\">\(shown)</p>"
        )
    }

    @Test func `fragments within a literal stay markup`() {
        let rows: [HTML] = ["a", "<b>"].map { "<li>\($0)</li>" }
        let nothing: HTML? = nil

        let list: HTML = "<ul>\(rows)</ul>\(nothing)\(7)"

        #expect(list.text == "<ul><li>a</li><li>&lt;b&gt;</li></ul>7")
    }
}

@Suite struct AddressTests {
    @Test(arguments: [
        (Address(""), "/"), (Address("")["experiments"], "/experiments"),
        (Address("/x")["a/b"]["ü?"], "/x/a%2Fb/%C3%BC%3F"),
        (Address("").below("a//b/c d"), "/a/b/c%20d"),
        (
            Address("/x").with("filter", "a > 1 & b").with("none", nil).with("q", ""),
            "/x?filter=a%20%3E%201%20%26%20b&q="
        ),
    ])
    func `an address escapes its pieces`(address: Address, text: String) {
        #expect(address.text == text)
    }
}
