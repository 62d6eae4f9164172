import Glibc
import NIOSSL

extension Settings.TLSFiles {
    /// Reads the files, and tries whether TLS can be spoken with them.
    ///
    /// - Throws: `SettingError` that says which file is at fault, or that they do not belong together.
    func configuration() throws -> TLSConfiguration {
        try Self.check(certificate, of: .tlsCert)
        try Self.check(key, of: .tlsKey)
        let configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try chain().map(NIOSSLCertificateSource.certificate),
            privateKey: .privateKey(try privateKey())
        )
        do {
            _ = try NIOSSLContext(configuration: configuration)
        } catch NIOSSLError.failedToLoadPrivateKey {
            throw SettingError(
                "--tls-cert \(certificate) and --tls-key \(key) do not belong together: the key must be the certificate's."
            )
        }
        return configuration
    }

    private static func check(_ path: String, of name: SettingName) throws {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else {
            throw SettingError(
                "--\(name.rawValue) \(path) cannot be read: \(String(cString: strerror(errno)))."
            )
        }
        close(file)
    }

    private func chain() throws -> [NIOSSLCertificate] {
        do {
            return try NIOSSLCertificate.fromPEMFile(certificate)
        } catch {
            throw SettingError("--tls-cert must be a file with a certificate in PEM, not '\(certificate)'.")
        }
    }

    private func privateKey() throws -> NIOSSLPrivateKey {
        do {
            return try NIOSSLPrivateKey(file: key, format: .pem)
        } catch {
            throw SettingError(
                "--tls-key must be a file with a private key in PEM that has no password, not '\(key)'."
            )
        }
    }
}
