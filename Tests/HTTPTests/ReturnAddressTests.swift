import Testing

@testable import HTTP

@Suite struct ReturnAddressTests {
    @Test(arguments: ["/", "/runs?a=b#c", "/ann/iris", "/a//b", "/%2F%2Fevil.example"])
    func `a path of this server is gone on to`(text: String) {
        #expect(ReturnAddress(text)?.path == text)
    }

    @Test(arguments: [
        "", "//evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example",
        "javascript:alert(1)",
        "/\t/evil.example", "/a\r\nSet-Cookie: a=b", " /a", "evil.example", "/ä",
    ])
    func `nothing else is`(text: String) {
        #expect(ReturnAddress(text) == nil)
    }

    @Test func `an address is escaped for a query`() {
        #expect(ReturnAddress("/a?b=c&d")?.escaped == "%2Fa%3Fb%3Dc%26d")
    }
}
