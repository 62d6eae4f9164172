internal import AsyncHTTPClient
internal import Glibc
internal import NIOCore
internal import NIOPosix
internal import NIOSSL

extension MLflowError {
    /// Why a server cannot be reached, in words for who gave its address.
    static func reason(of cause: any Error) -> String {
        switch cause {
        case let error as NIOConnectionError:
            error.connectionErrors.first.map { reason(of: $0.error) } ?? "its name is not known"
        case is SocketAddressError.UnknownHost: "its name is not known"
        case let error as IOError: String(cString: strerror(error.errnoCode)).lowercased()
        case let error as HTTPClientError: error.shortDescription.lowercased()
        case let error as NIOSSLExtraError where error == .failedToValidateHostname:
            "its certificate is for another name"
        case let error as NIOSSLError: reason(ofTLS: "\(error)")
        default: "\(cause)"
        }
    }

    /// Errors of TLS come without a type of their own.
    private static func reason(ofTLS words: String) -> String {
        if words.contains("CERTIFICATE_VERIFY_FAILED") {
            return
                "its certificate is not trusted (MLFLOW_TRACKING_SERVER_CERT_PATH names a file of those that are)"
        }
        if words.contains("WRONG_VERSION_NUMBER") { return "it does not speak TLS, which https:// asks for" }
        return words
    }
}
