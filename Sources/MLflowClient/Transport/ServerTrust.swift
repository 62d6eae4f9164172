internal import NIOSSL

/// Whose certificates are believed of a server that is asked over HTTPS.
public enum ServerTrust: Sendable, Hashable {
    /// Those that an authority of this machine vouches for.
    case authorities
    /// Those that a file vouches for, of certificates in PEM, or a folder of such.
    case file(path: String)
    /// Anybody's: whoever stands between can read and change everything.
    case anyone

    /// Reads `MLFLOW_TRACKING_SERVER_CERT_PATH`, else `MLFLOW_TRACKING_INSECURE_TLS`.
    ///
    /// - Parameter environment: The variables.
    public init(environment: [String: String]) {
        if let path = environment["MLFLOW_TRACKING_SERVER_CERT_PATH"], !path.isEmpty {
            self = .file(path: path)
        } else {
            let word = environment["MLFLOW_TRACKING_INSECURE_TLS"]?.lowercased() ?? ""
            self = ["true", "1"].contains(word) ? .anyone : .authorities
        }
    }

    /// How TLS is spoken; nil for what is usual.
    func configuration() throws(MLflowError) -> TLSConfiguration? {
        var configuration = TLSConfiguration.makeClientConfiguration()
        switch self {
        case .authorities: return nil
        case .anyone: configuration.certificateVerification = .none
        case .file(let path):
            configuration.trustRoots = .file(path)
            do {
                _ = try NIOSSLContext(configuration: configuration)
            } catch {
                throw .unusableCertificates(path: path)
            }
        }
        return configuration
    }
}
