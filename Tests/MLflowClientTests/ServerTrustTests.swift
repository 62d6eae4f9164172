import Foundation
import Hummingbird
import HummingbirdTLS
import HummingbirdTesting
import MLflowClient
import NIOSSL
import Testing

/// Against a server with a certificate that it has signed itself.
@Suite
struct ServerTrustTests {
    @Test func `a certificate that nobody vouches for is told at once`() async throws {
        try await withServer { port in
            let client = try MLflowClient(address: "https://127.0.0.1:\(port)")
            let start = ContinuousClock.now

            let failure = await #expect(throws: MLflowError.self) { try await client.version() }

            #expect(ContinuousClock.now - start < .seconds(20))
            #expect(
                failure?.description
                    == "https://127.0.0.1:\(port) cannot be reached: its certificate is not trusted "
                    + "(MLFLOW_TRACKING_SERVER_CERT_PATH names a file of those that are)."
            )
        }
    }

    @Test func `it is trusted where it was named, or anything is`() async throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString + ".pem")
        let pem = "-----BEGIN CERTIFICATE-----\n\(Self.certificateText)\n-----END CERTIFICATE-----\n"
        try pem.write(to: file, atomically: true, encoding: .utf8)
        try await withServer { port in
            for trust in [ServerTrust.file(path: file.path), .anyone] {
                let client = try MLflowClient(address: "https://127.0.0.1:\(port)", trust: trust)
                #expect(try await client.version() == "3.17.2")
            }
        }
        try FileManager.default.removeItem(at: file)
    }

    private func withServer(_ body: @escaping @Sendable (Int) async throws -> Void) async throws {
        let router = Router()
        router.get("version") { _, _ in "3.17.2" }
        let certificate = try NIOSSLCertificate(bytes: Self.bytes(Self.certificateText), format: .der)
        let key = try NIOSSLPrivateKey(bytes: Self.bytes(Self.keyText), format: .der)
        let application = Application(
            responder: router.buildResponder(),
            server: try .tls(
                tlsConfiguration: .makeServerConfiguration(
                    certificateChain: [.certificate(certificate)],
                    privateKey: .privateKey(key)
                )
            ),
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0))
        )
        try await application.test(.live) { client in
            let port = try #require(client.port)
            try await body(port)
        }
    }

    private static func bytes(_ text: String) -> [UInt8] {
        guard let data = Data(base64Encoded: text, options: .ignoreUnknownCharacters) else {
            preconditionFailure("it is no Base64")
        }
        return [UInt8](data)
    }

    /// Of `localhost` and 127.0.0.1, signed by itself, until 2126.
    private static let certificateText = """
        MIIBozCCAUmgAwIBAgIUUjTf1euhCqQqOYdS+2dQqBCEC0MwCgYIKoZIzj0EAwIw
        GDEWMBQGA1UEAwwNcmVjZWl2ZXIudGVzdDAgFw0yNjExMjcxMzU5MDBaGA8yMTI2
        MTEwMzEzNTkwMFowGDEWMBQGA1UEAwwNcmVjZWl2ZXIudGVzdDBZMBMGByqGSM49
        AgEGCCqGSM49AwEHA0IABD3vif6EB6RD8DtD4A/pbUj2eHjaK54hfsuXFv0HOp4s
        bUUVUEtSi+5X9A6/DzZkTIydMR4lAan6+JofXvIhI3mjbzBtMB0GA1UdDgQWBBQG
        Ra6CI0SMDp2GHJ9Y0eN4QeazRzAfBgNVHSMEGDAWgBQGRa6CI0SMDp2GHJ9Y0eN4
        QeazRzAPBgNVHRMBAf8EBTADAQH/MBoGA1UdEQQTMBGCCWxvY2FsaG9zdIcEfwAA
        ATAKBggqhkjOPQQDAgNIADBFAiEApeZfxGRG9ueAekVXFDQAbaAi5TRaZ5lvbImj
        v1T3jOMCIBMprUm2BWdIAr9eCAgm5CL/cwjNGjuW+Zydf5c926S7
        """

    /// Its key, which is good for nothing else.
    private static let keyText = """
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgXYV74PbkBGeuqr1h
        6AqUxOzzHhhgLXPz/FSUrxqPIzihRANCAAQ974n+hAekQ/A7Q+AP6W1I9nh42iue
        IX7Llxb9BzqeLG1FFVBLUovuV/QOvw82ZEyMnTEeJQGp+viaH17yISN5
        """
}
