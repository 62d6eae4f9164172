import Core
import HTTP
import Testing

@testable import Web

@Suite struct FieldsTests {
    private static let hostile = "\"><script>alert('x')</script>"
    private static let shown = "&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;"

    @Test func `whatever a field holds is text`() {
        let text = Self.hostile
        let option = ChoiceField.Option(value: text, label: text)
        let shown: [HTML] = [
            LineField(name: "a", label: text, value: text, hint: text, placeholder: text).html,
            AreaField(name: "a", label: text, value: text, hint: text).html,
            ChoiceField(name: "a", label: text, options: [option], value: text, hint: text).html,
            CheckField(name: "a", label: text, value: text, hint: text).html,
            RadioField(name: "a", value: text, label: text, isChecked: true, hint: text).html,
            FormBox(
                action: Address("/").with("q", text),
                deed: "x",
                button: text,
                hidden: [("a", text)],
                about: text
            ).html,
            Notice.wrong(text).html,
        ]

        for html in shown {
            #expect(!html.text.contains("<script"), "\(html.text)")
            #expect(html.text.contains(Self.shown), "\(html.text)")
        }
    }

    @Test(
        arguments: [
            (30, 1, nil, nil), (31, 1, nil, "/x?q=a&page=2"), (61, 2, "/x?q=a&page=1", "/x?q=a&page=3"),
            (61, 3, "/x?q=a&page=2", nil),
        ] as [(Int, Int, String?, String?)]
    )
    func `a pager leads to the pages that there are`(total: Int, number: Int, back: String?, next: String?) {
        let html =
            Pager(total: total, number: number, limit: 30, address: Address("/x").with("q", "a")).html?.text
            ?? ""

        for (word, address) in [("Back", back), ("Next", next)] {
            let link = address.map { "href=\"\($0.replacing("&", with: "&amp;"))\">\(word)</a>" }
            #expect(html.contains(link ?? ">\(word)</a>") == (link != nil), "\(html)")
        }
    }

    @Test func `fields of a form are read without the space around them`() throws {
        let form = Query("name=+ann+&role=write&id=7&no=x")

        #expect(form.word("name") == "ann")
        #expect(form.word("absent").isEmpty)
        #expect(try form.key("id") == 7)
        #expect(throws: Failure.self) { try form.key("no") }
        #expect(throws: Failure.self) { try form.choice("no", of: Tab.self) }
    }

    @Test func `a done word that is not ours says nothing`() {
        #expect(Done(rawValue: "<script>") == nil)
        #expect(Address("/x").after(.saved).text == "/x?done=saved")
    }
}
