/// An error that is meant for the person who asked: what was wrong, in words that they can act on.
///
/// It is thrown where the thing happens and rendered once, where the surface ends. Every other error is a fault of the
/// server: it is logged in full and answered without its details.
package struct Failure: Error, Sendable {
    /// What kind of failure it is; the raw value is the word that MLflow clients match on.
    ///
    /// Source: `mlflow/protos/databricks.proto`, enum `ErrorCode`.
    package enum Code: String, Sendable, CaseIterable {
        case invalidParameter = "INVALID_PARAMETER_VALUE"
        case badRequest = "BAD_REQUEST"
        case missing = "RESOURCE_DOES_NOT_EXIST"
        case alreadyExists = "RESOURCE_ALREADY_EXISTS"
        case invalidState = "INVALID_STATE"
        case unauthenticated = "UNAUTHENTICATED"
        case permissionDenied = "PERMISSION_DENIED"
        case endpointNotFound = "ENDPOINT_NOT_FOUND"
        case notImplemented = "NOT_IMPLEMENTED"
        case tooLarge = "RESOURCE_EXHAUSTED"
        case unavailable = "TEMPORARILY_UNAVAILABLE"
        case featureDisabled = "FEATURE_DISABLED"
        case internalError = "INTERNAL_ERROR"
    }

    package let code: Code
    package let message: String
    /// The low-level error behind it, for the log; never shown to the caller.
    package let cause: (any Error)?

    package init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    package static func invalid(_ message: String) -> Failure { Failure(.invalidParameter, message) }
    package static func missing(_ message: String) -> Failure { Failure(.missing, message) }
    package static func alreadyExists(_ message: String) -> Failure { Failure(.alreadyExists, message) }
    package static func unavailable(_ message: String, cause: (any Error)? = nil) -> Failure {
        Failure(.unavailable, message, cause: cause)
    }
}

extension Failure: CustomStringConvertible {
    package var description: String {
        cause.map { "\(code.rawValue): \(message) (\($0))" } ?? "\(code.rawValue): \(message)"
    }
}
