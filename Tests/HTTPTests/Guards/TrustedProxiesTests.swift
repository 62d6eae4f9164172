import API
import Core
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import Outbound
import Synchronization
import Testing

@testable import HTTP

@Suite struct TrustedProxiesTests {
    @Test(arguments: [
        ("127.0.0.1", true, true), ("127.8.9.1", true, true), ("::1", true, true),
        ("::ffff:127.0.0.1", true, true), ("10.1.2.3", false, true), ("192.168.7.7", false, true),
        ("172.31.0.1", false, true), ("172.32.0.1", false, false), ("fd00::7", false, true),
        ("::ffff:10.0.0.1", false, true), ("8.8.8.8", false, false), ("2001:db8::1", false, false),
        // What stands for an address of this machine elsewhere is none of this machine.
        ("64:ff9b::7f00:1", false, false), ("2002:7f00:1::", false, false),
    ])
    func `this machine is believed, and private networks where that is said`(
        address: String,
        isLocal: Bool,
        isPrivate: Bool
    ) throws {
        let peer = try SocketAddress(ipAddress: address, port: 4_711)

        #expect(TrustedProxies.thisMachine.trusts(peer) == isLocal)
        #expect(TrustedProxies.privateNetworks.trusts(peer) == isPrivate)
    }

    @Test func `who has no address is not believed`() throws {
        #expect(!TrustedProxies.privateNetworks.trusts(nil))
        #expect(!TrustedProxies.privateNetworks.trusts(try SocketAddress(unixDomainSocketPath: "/run/x")))
    }

    @Test(
        arguments: [
            ([], "http", "127.0.0.1", ""), (["203.0.113.0/24", "::1"], "http", "127.0.0.1", ""),
            (["127.0.0.1"], "https", "198.51.100.7", "; Secure"),
            (["203.0.113.7", "127.0.0.0/8"], "https", "198.51.100.7", "; Secure"),
        ] as [([String], String, String, String)]
    )
    func `what is said of somebody else counts where it is believed`(
        proxies: [String],
        scheme: String,
        client: String,
        mark: String
    ) async throws {
        let cookie = SessionCookie(isSecure: false)
        let endpoint = Endpoint(.get, "told", in: .root, needs: .open) { call in
            let cookie = cookie.removal(for: call.request)
            return .text("\(try call.origin()) \(call.clientAddress) \(cookie)")
        }
        let door = FrontDoor(
            routes: Routes([endpoint]),
            gate: Gate(always: Caller(name: "ann", workspace: .standard)),
            isBehindProxy: true,
            proxies: TrustedProxies(try proxies.map { try #require(NetworkRange($0)) })
        )
        try await Application(
            responder: door,
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0))
        ).test(.live) { server in
            let answer = try await server.execute(
                uri: "/told",
                method: .get,
                headers: [.xForwardedProto: "HTTPS", .xForwardedFor: "203.0.113.9, 198.51.100.7"]
            )
            let words = String(buffer: answer.body).split(separator: " ", maxSplits: 2).map(String.init)
            #expect(words[0].hasPrefix("\(scheme)://"))
            #expect(words[1] == client)
            #expect(words[2].hasSuffix("SameSite=Lax\(mark)"))
        }
    }

    @Test(arguments: [(true, 1), (false, 0)])
    func `that a proxy is not believed is told once to who serves behind one`(
        isBehindProxy: Bool,
        count: Int
    ) async throws {
        let lines = Lines()
        let door = FrontDoor(
            routes: Routes([Endpoint(.get, "told", in: .root, needs: .open) { _ in .text("") }]),
            gate: Gate(always: Caller(name: "ann", workspace: .standard)),
            isBehindProxy: isBehindProxy,
            proxies: TrustedProxies([])
        )
        try await Application(responder: door, logger: Logger(label: "test") { _ in lines }).test(.live) {
            server in
            for _ in 0..<2 {
                _ = try await server.execute(
                    uri: "/told",
                    method: .get,
                    headers: [.xForwardedFor: "198.51.100.7"]
                )
            }
        }
        #expect(lines.kept.withLock { $0 } == Array(repeating: "127.0.0.1", count: count))
    }

    @Test func `a server that speaks HTTPS itself says so of its addresses`() async throws {
        let endpoint = Endpoint(.get, "told", in: .root, needs: .open) { .text(try $0.origin()) }
        let gate = Gate(always: Caller(name: "ann", workspace: .standard))
        let door = FrontDoor(routes: Routes([endpoint]), gate: gate, speaksHTTPS: true)

        try await Application(responder: door).test(.router) { client in
            let answer = try await client.execute(uri: "/told", method: .get)
            #expect(String(buffer: answer.body) == "https://localhost")
        }
    }
}

/// Keeps the addresses that warnings name.
private final class Lines: LogHandler {
    let kept = Mutex<[String]>([])

    var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }
    var logLevel: Logger.Level {
        get { .warning }
        set {}
    }
    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { nil }
        set {}
    }

    func log(event: LogEvent) {
        kept.withLock { $0.append(event.metadata?["address"].map { "\($0)" } ?? "") }
    }
}
