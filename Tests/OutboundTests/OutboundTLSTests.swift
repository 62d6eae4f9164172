import FoundationEssentials
import HTTPTypes
import Hummingbird
import HummingbirdTLS
import HummingbirdTesting
import NIOSSL
import Testing

@testable import Outbound

/// The host is asked at an address, and its certificate is held to its name all the same.
@Suite struct OutboundTLSTests {
    private static let policy = OutboundPolicy(schemes: ["https"], allowsPrivateAddresses: true)
    private static let loopback = Resolver { _ in [NetworkAddress(bytes: [127, 0, 0, 1])] }

    @Test func `a receiver with the right name is asked`() async throws {
        try await withReceiver { port in
            let answer = try await Self.client(trustsIt: true).post(
                [],
                headers: [],
                to: "https://receiver.test:\(port)/hook"
            )
            #expect(answer.status == 200)
        }
    }

    @Test(arguments: ["other.test", "127.0.0.1"])
    func `a receiver with another name is not`(host: String) async throws {
        try await withReceiver { port in
            await #expect(throws: OutboundError.self) {
                try await Self.client(trustsIt: true).post(
                    [],
                    headers: [],
                    to: "https://\(host):\(port)/hook"
                )
            }
        }
    }

    @Test func `nor is one that nobody vouches for`() async throws {
        try await withReceiver { port in
            await #expect(throws: OutboundError.self) {
                try await Self.client(trustsIt: false).post(
                    [],
                    headers: [],
                    to: "https://receiver.test:\(port)/hook"
                )
            }
        }
    }

    private static func client(trustsIt: Bool) throws -> OutboundClient {
        guard trustsIt else { return OutboundClient(policy: policy, resolver: loopback) }
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.trustRoots = .certificates([try certificate()])
        return OutboundClient(
            policy: policy,
            resolver: loopback,
            tls: try NIOSSLContext(configuration: configuration)
        )
    }

    private func withReceiver(_ body: @escaping @Sendable (Int) async throws -> Void) async throws {
        let router = Router()
        router.post("hook") { _, _ in HTTPResponse.Status.ok }
        let key = try NIOSSLPrivateKey(bytes: Self.bytes(Self.keyText), format: .der)
        let application = Application(
            responder: router.buildResponder(),
            server: try .tls(
                tlsConfiguration: .makeServerConfiguration(
                    certificateChain: [.certificate(try Self.certificate())],
                    privateKey: .privateKey(key)
                )
            ),
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0))
        )
        try await application.test(.live) { client in
            guard let port = client.port else { preconditionFailure("it listens nowhere") }
            try await body(port)
        }
    }

    private static func certificate() throws -> NIOSSLCertificate {
        try NIOSSLCertificate(bytes: bytes(certificateText), format: .der)
    }

    private static func bytes(_ text: String) -> [UInt8] {
        guard let data = Data(base64Encoded: text) else { preconditionFailure("it is no Base64") }
        return [UInt8](data)
    }

    /// Of `receiver.test`, signed by itself, until 2126.
    private static let certificateText =
        "MIIBoTCCAUegAwIBAgIUU3JkM7/7M0cNXMbNiNf/d+AkiEUwCgYIKoZIzj0EAwIwGDEWMBQGA1UEAwwNcmVjZWl2"
        + "ZXIudGVzdDAgFw0yNjExMjYxNzA0NDNaGA8yMTI2MTEwMjE3MDQ0M1owGDEWMBQGA1UEAwwNcmVjZWl2ZXIudGVz"
        + "dDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABAYfm7VN6TEtSm/Qk94q/4gEEAZ9f1PV7UrInW5HHLeVXrxNUYdM"
        + "CTfZ0JhxxfeAVASZAXkoftb7RrFwWRhzPeujbTBrMB0GA1UdDgQWBBQB75cdd+FaX5gh0wh4ScM7zKvWFjAfBgNV"
        + "HSMEGDAWgBQB75cdd+FaX5gh0wh4ScM7zKvWFjAPBgNVHRMBAf8EBTADAQH/MBgGA1UdEQQRMA+CDXJlY2VpdmVy"
        + "LnRlc3QwCgYIKoZIzj0EAwIDSAAwRQIgOcrpnlf/0MYXwU13FjiTS75jKaWNje8SdC9j+5I7ZzgCIQCTJVjoEgyb"
        + "ChnYfOXsLs7uqSaHD9m0Jf1DoLWfuhREKg=="

    /// Its key, which is good for nothing else.
    private static let keyText =
        "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgFIAhvCFghpwd5LRUnIlHKgTXQ+3a8OsN8nR2vgi0"
        + "9h+hRANCAAQGH5u1TekxLUpv0JPeKv+IBBAGfX9T1e1KyJ1uRxy3lV68TVGHTAk32dCYccX3gFQEmQF5KH7W+0ax"
        + "cFkYcz3r"
}
