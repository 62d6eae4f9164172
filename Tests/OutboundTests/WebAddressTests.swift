import Testing

@testable import Outbound

@Suite struct WebAddressTests {
    private static let schemes = ["http", "https"]

    struct Read: Sendable {
        let text: String
        let host: String
        let port: Int
        let target: String
        var field: String?
    }

    @Test(arguments: [
        Read(text: "https://example.com", host: "example.com", port: 443, target: "/"),
        Read(text: "HTTP://Example.COM/Hook?a=b#c", host: "example.com", port: 80, target: "/Hook?a=b"),
        Read(text: "http://example.com:8080?x", host: "example.com", port: 8080, target: "/?x"),
        Read(text: "https://example.com:/", host: "example.com", port: 443, target: "/"),
        Read(text: "https://10.0.0.1/x", host: "10.0.0.1", port: 443, target: "/x"),
        Read(text: "https://[2001:DB8::1]:8443/x", host: "2001:db8::1", port: 8443, target: "/x"),
        Read(text: "https://xn--mnchen-3ya.de/", host: "xn--mnchen-3ya.de", port: 443, target: "/"),
        Read(text: "https://my_host.internal./", host: "my_host.internal.", port: 443, target: "/"),
        Read(text: "https://h.x/caf\u{e9}/\"<>", host: "h.x", port: 443, target: "/caf%C3%A9/%22%3C%3E"),
        Read(text: "https://h.x/a%20b", host: "h.x", port: 443, target: "/a%20b"),
        Read(text: "https://h.x/a@b:c", host: "h.x", port: 443, target: "/a@b:c"),
    ])
    func `an address is read once`(read: Read) throws {
        let address = try WebAddress(read.text, schemes: Self.schemes)

        #expect(address.host == read.host)
        #expect(address.port == read.port)
        #expect(address.target == read.target)
    }

    @Test func `the header names the port where it is another`() throws {
        #expect(try WebAddress("https://h.x", schemes: Self.schemes).hostField == "h.x")
        #expect(try WebAddress("https://h.x:443", schemes: Self.schemes).hostField == "h.x")
        #expect(try WebAddress("https://h.x:80", schemes: Self.schemes).hostField == "h.x:80")
        #expect(try WebAddress("http://[::1]:5000", schemes: Self.schemes).hostField == "[::1]:5000")
    }

    @Test(arguments: [
        "https://user@h.x/", "https://user:word@h.x/", "https://8.8.8.8@127.0.0.1/", "https://@h.x/",
        "https://8.8.8.8\\@127.0.0.1/", "https://h.x\\.evil.example/", "https://h .x/", "https://h.x /",
        "https://h.x/\u{0}", "https://h.x/a\r\nHost: evil", "https://h.x/\u{7f}", "https://h.x\t/",
        "https://h.x:0/", "https://h.x:65536/", "https://h.x:port/", "https://h.x:8a/", "https://h.x:-1/",
        "https://h.x:1:2/", "https://h.x:\u{0661}/", "https://[::1/", "https://%31.x/", "https://h%2ex/",
        "https://\u{2460}.0.0.1/", "https://m\u{fc}nchen.de/", "https://h;x/", "https://h'x/",
        "https://" + String(repeating: "a.", count: 130) + "x/",
    ])
    func `what could be read in two ways is refused`(text: String) {
        let error = #expect(throws: OutboundError.self) { try WebAddress(text, schemes: Self.schemes) }
        guard case .malformed? = error else {
            Issue.record("\(text) is \(String(describing: error))")
            return
        }
    }

    @Test(arguments: [1, 22, 25, 53, 79, 81, 442, 444, 587, 993, 1_023])
    func `a port at which other servers listen than those of the web is refused`(port: Int) {
        #expect(throws: OutboundError.closedPort(port)) {
            try WebAddress("https://h.x:\(port)/", schemes: Self.schemes)
        }
    }

    @Test(arguments: [
        "https://127.1/", "https://2130706433/", "https://0x7f.1/", "https://0x7f000001/",
        "https://0177.0.0.1/",
        "https://127.0.0.1./", "https://1.2.3.4.5/", "https://a.b.1/", "https://[127.0.0.1]/",
        "https://[::g]/",
        "https://[fe80::1%25eth0]/", "https://[::1]x/", "https://./", "https://0x7f.0x1/", "https://x.0x7f/",
    ])
    func `an odd spelling of an address is refused`(text: String) {
        let error = #expect(throws: OutboundError.self) { try WebAddress(text, schemes: Self.schemes) }
        guard case .oddAddress? = error else {
            Issue.record("\(text) is \(String(describing: error))")
            return
        }
    }

    @Test func `other schemes, no host and nothing are refused`() {
        let only = ["https"]
        #expect(throws: OutboundError.scheme("http", allowed: only)) {
            try WebAddress("http://h.x/", schemes: only)
        }
        for text in ["ftp://h.x", "file:///etc/passwd", "gopher://h.x", "h.x", "//h.x", "javascript:1"] {
            #expect(throws: OutboundError.self) { try WebAddress(text, schemes: Self.schemes) }
        }
        for text in ["https://", "https:///x", "https://:80/", "https:h.x", "https:/h.x"] {
            #expect(throws: OutboundError.noHost) { try WebAddress(text, schemes: Self.schemes) }
        }
        for text in ["", " ", "\n"] {
            #expect(throws: OutboundError.blank) { try WebAddress(text, schemes: Self.schemes) }
        }
    }
}
