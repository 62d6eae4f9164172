/// What went wrong between this client and a server.
public enum MLflowError: Error, Sendable, CustomStringConvertible {
    /// The address of the server is none of the web.
    case invalidAddress(String)
    /// The server could not be reached, or the connection broke, however often it was tried.
    case unreachable(address: String, cause: any Error)
    /// What is to vouch for the server cannot be read, or holds no certificate.
    case unusableCertificates(path: String)
    /// The server understood the call and says no.
    case refused(Refusal)
    /// The server answered something that is not MLflow's.
    case malformedAnswer(address: String, cause: any Error)

    /// A server's no.
    public struct Refusal: Sendable, Hashable {
        /// The HTTP status.
        public let status: Int
        /// MLflow's word, such as `RESOURCE_DOES_NOT_EXIST`; empty where the answer has none.
        public let code: String
        /// The server's words.
        public let message: String
    }

    /// Whether the thing that was asked for does not exist.
    public var isMissing: Bool {
        guard case .refused(let refusal) = self else { return false }
        return refusal.code == "RESOURCE_DOES_NOT_EXIST" || refusal.code == "NOT_FOUND"
    }

    /// Whether the server is too old, or too new, for the call.
    public var isUnknownEndpoint: Bool {
        guard case .refused(let refusal) = self else { return false }
        return refusal.code == "ENDPOINT_NOT_FOUND" || (refusal.status == 404 && refusal.code.isEmpty)
            || refusal.status == 405
    }

    /// Whether the server understood the call and says no, which it will say again.
    public var isRefusal: Bool {
        if case .refused = self { true } else { false }
    }

    public var description: String {
        switch self {
        case .invalidAddress(let address): "'\(address)' is no address of an MLflow server."
        case .unreachable(let address, let cause):
            "\(address) cannot be reached: \(Self.reason(of: cause))."
        case .unusableCertificates(let path):
            "MLFLOW_TRACKING_SERVER_CERT_PATH must be a file of certificates in PEM, not '\(path)'."
        case .refused(let refusal):
            "\(refusal.code.isEmpty ? "HTTP \(refusal.status)" : refusal.code): \(refusal.message)"
        case .malformedAnswer(let address, let cause):
            "\(address) did not answer as an MLflow server does: \(cause)"
        }
    }
}
