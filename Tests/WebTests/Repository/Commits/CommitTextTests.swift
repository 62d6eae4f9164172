import Testing

@testable import Web

@Suite struct ShellWordTests {
    @Test(arguments: [
        ("main", "main"), ("feature/x", "feature/x"), ("a b", "'a b'"), ("it's", #"'it'\''s'"#),
        ("$(id)", "'$(id)'"),
        ("", "''"), ("`x`", "'`x`'"),
    ])
    func `a word is one word of a shell`(word: String, text: String) {
        #expect(ShellWord(word).text == text)
    }
}

@Suite struct ShortNumberTests {
    @Test(arguments: [
        (0.95123456, "0.9512"), (1234.5678, "1234.57"), (0, "0.0"), (.nan, "NaN"), (.infinity, "∞"),
        (-.infinity, "−∞"),
        (1e-9, "1e-09"),
    ])
    func `a metric has few digits`(value: Double, text: String) {
        #expect(ShortNumber(value).text == text)
    }
}

@Suite struct RepositoryAddressTests {
    @Test func `an address holds names whatever is in them`() {
        let addresses = RepositoryAddresses(base: Address("/ann/iris"))

        #expect(addresses.compare("main", "a/b#c").text == "/ann/iris/compare/main...a/b%23c")
    }
}
