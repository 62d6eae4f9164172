import FoundationEssentials
import TestSupport
import Testing

@testable import Server

@Suite struct TLSFilesTests {
    @Test func `a certificate and its key are taken`() throws {
        try withFiles { place in
            _ = try Settings.TLSFiles(certificate: place + "cert.pem", key: place + "key.pem").configuration()
        }
    }

    @Test func `what is wrong with the files is told in a sentence`() throws {
        try withFiles { place in
            let cases = [
                ("none", "key", "--tls-cert \(place)none.pem cannot be read: No such file or directory."),
                ("cert", "none", "--tls-key \(place)none.pem cannot be read: No such file or directory."),
                ("key", "key", "--tls-cert must be a file with a certificate in PEM, not '\(place)key.pem'."),
                (
                    "cert", "cert",
                    "--tls-key must be a file with a private key in PEM that has no password, not '\(place)cert.pem'."
                ),
                (
                    "cert", "other",
                    "--tls-cert \(place)cert.pem and --tls-key \(place)other.pem do not belong together: "
                        + "the key must be the certificate's."
                ),
            ]
            for (certificate, key, words) in cases {
                let files = Settings.TLSFiles(
                    certificate: place + certificate + ".pem",
                    key: place + key + ".pem"
                )
                #expect(throws: SettingError(words)) { _ = try files.configuration() }
            }
        }
    }

    private func withFiles(_ body: (String) throws -> Void) throws {
        let folder = try TemporaryFolder()
        for (name, text) in ["cert": Self.certificate, "key": Self.key, "other": Self.otherKey] {
            try text.write(toFile: "\(folder.path)/\(name).pem", atomically: false, encoding: .utf8)
        }
        try body(folder.path + "/")
        try folder.remove()
    }

    /// Of `localhost`, signed by itself, until 2126.
    private static let certificate = """
        -----BEGIN CERTIFICATE-----
        MIIBozCCAUmgAwIBAgIUUjTf1euhCqQqOYdS+2dQqBCEC0MwCgYIKoZIzj0EAwIw
        GDEWMBQGA1UEAwwNcmVjZWl2ZXIudGVzdDAgFw0yNjExMjcxMzU5MDBaGA8yMTI2
        MTEwMzEzNTkwMFowGDEWMBQGA1UEAwwNcmVjZWl2ZXIudGVzdDBZMBMGByqGSM49
        AgEGCCqGSM49AwEHA0IABD3vif6EB6RD8DtD4A/pbUj2eHjaK54hfsuXFv0HOp4s
        bUUVUEtSi+5X9A6/DzZkTIydMR4lAan6+JofXvIhI3mjbzBtMB0GA1UdDgQWBBQG
        Ra6CI0SMDp2GHJ9Y0eN4QeazRzAfBgNVHSMEGDAWgBQGRa6CI0SMDp2GHJ9Y0eN4
        QeazRzAPBgNVHRMBAf8EBTADAQH/MBoGA1UdEQQTMBGCCWxvY2FsaG9zdIcEfwAA
        ATAKBggqhkjOPQQDAgNIADBFAiEApeZfxGRG9ueAekVXFDQAbaAi5TRaZ5lvbImj
        v1T3jOMCIBMprUm2BWdIAr9eCAgm5CL/cwjNGjuW+Zydf5c926S7
        -----END CERTIFICATE-----

        """

    /// Its key, which is good for nothing else.
    private static let key = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgXYV74PbkBGeuqr1h
        6AqUxOzzHhhgLXPz/FSUrxqPIzihRANCAAQ974n+hAekQ/A7Q+AP6W1I9nh42iue
        IX7Llxb9BzqeLG1FFVBLUovuV/QOvw82ZEyMnTEeJQGp+viaH17yISN5
        -----END PRIVATE KEY-----

        """

    private static let otherKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgTZHQmXexwNFUvNga
        CXwmOZWP/0IOK1LqvgkbP6Rzit6hRANCAASNnZJL0ZigbEygoDOuBHy+A0UwZyT5
        +6xJZDcZ1zrLiS+SqdpVx2QDnZqUFs1+1zSDtVF3SzrckmBTK9+S2XMh
        -----END PRIVATE KEY-----

        """
}
