internal import FoundationEssentials

/// Who asks a server.
public enum Credentials: Sendable, Hashable {
    /// Nobody in particular.
    case none
    /// A name and a password (HTTP Basic).
    case basic(username: String, password: String)
    /// A token (HTTP Bearer).
    case bearer(token: String)

    /// Reads `MLFLOW_TRACKING_USERNAME` and `MLFLOW_TRACKING_PASSWORD`, else `MLFLOW_TRACKING_TOKEN`.
    ///
    /// - Parameter environment: The variables.
    public init(environment: [String: String]) {
        let value = { (name: String) in environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        if let username = value("MLFLOW_TRACKING_USERNAME"),
            let password = value("MLFLOW_TRACKING_PASSWORD")
        {
            self = .basic(username: username, password: password)
        } else if let token = value("MLFLOW_TRACKING_TOKEN") {
            self = .bearer(token: token)
        } else {
            self = .none
        }
    }

    /// What stands in the header `Authorization`.
    var header: String? {
        switch self {
        case .none: nil
        case .basic(let username, let password):
            "Basic " + Data("\(username):\(password)".utf8).base64EncodedString()
        case .bearer(let token): "Bearer " + token
        }
    }
}
