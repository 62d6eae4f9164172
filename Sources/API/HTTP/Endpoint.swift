package import HTTPTypes

/// One row of the table of what the server answers: where, what it needs, and who answers.
///
/// A row cannot be written without the right that it needs, and nothing is served that is not in a row.
package struct Endpoint: Sendable {
    package typealias Handler = @Sendable (Call) async throws -> Answer

    package let method: HTTPRequest.Method
    package let place: Place
    /// Below its place: literal segments, `:name` for one segment, and `**` at the end for all that follows.
    package let path: String
    package let right: Right
    package let handler: Handler

    package init(
        _ method: HTTPRequest.Method,
        _ path: String,
        in place: Place = .v2,
        needs right: Right,
        handler: @escaping Handler
    ) {
        self.method = method
        self.place = place
        self.path = path
        self.right = right
        self.handler = handler
    }

    /// What a caller must be allowed to do.
    package enum Right: Sendable, Hashable {
        /// Nothing: whoever reaches the server may ask.
        case open
        case read
        case write
    }

    /// Which addresses a path is below.
    package enum Place: Sendable, Hashable {
        /// `/api/2.0/mlflow` and `/ajax-api/2.0/mlflow`.
        case v2
        /// `/api/3.0/mlflow` and `/ajax-api/3.0/mlflow`.
        case v3
        /// `/ajax-api/2.0/mlflow` only: what only MLflow's pages ask.
        case ajax2
        /// `/ajax-api/3.0/mlflow` only.
        case ajax3
        /// `/api/2.0/mlflow-artifacts` and `/ajax-api/2.0/mlflow-artifacts`.
        case artifacts
        /// `/api/2.0/roost`: what MLflow has no call for.
        case roost
        /// The address of the server itself.
        case root

        var bases: [String] {
            switch self {
            case .v2: ["/api/2.0/mlflow", "/ajax-api/2.0/mlflow"]
            case .v3: ["/api/3.0/mlflow", "/ajax-api/3.0/mlflow"]
            case .ajax2: ["/ajax-api/2.0/mlflow"]
            case .ajax3: ["/ajax-api/3.0/mlflow"]
            case .artifacts: ["/api/2.0/mlflow-artifacts", "/ajax-api/2.0/mlflow-artifacts"]
            case .roost: ["/api/2.0/roost"]
            case .root: [""]
            }
        }
    }
}
