package import Accounts
package import Core
import Database
package import HTTPTypes
import Hummingbird
package import Logging
import ObjectStore

extension Answer {
    /// The one place where an error becomes an answer.
    ///
    /// A `Failure` is for the person who asked. Any other error is the server's fault: it is logged whole, under the
    /// id of the request, and answered without its details.
    ///
    /// - Source: MLflow, `mlflow/exceptions.py`, `ERROR_CODE_TO_HTTP_STATUS`. `INVALID_STATE` and
    ///   `FEATURE_DISABLED` are 400 here, since clients repeat a 500 for minutes.
    package init(_ error: any Error, requestID: String, logger: Logger) {
        switch error {
        case let failure as Failure:
            if let cause = failure.cause {
                logger.error("\(failure.message)", metadata: ["cause": "\(cause)"])
            }
            self.init(failure)
        case let refusal as Refusal:
            self.init(refusal)
        case let error as TooManyAttempts:
            self.init(
                Failure(.tooLarge, "Too many attempts to sign in came from your address: wait a while."),
                status: .tooManyRequests
            )
            headers[.retryAfter] = String(error.retryAfterSeconds)
        case let error as JSONError:
            self.init(.invalid("\(error)"))
        case let error as DatabaseError where error.kind == .diskFull:
            logger.error("the disk is full", metadata: ["error": "\(error)"])
            self.init(Failure(.tooLarge, "The server's disk is full."), status: .insufficientStorage)
        case let error as StorageFull:
            logger.error("the disk of the objects is full", metadata: ["error": "\(error)"])
            self.init(Failure(.tooLarge, "The server's disk is full."), status: .insufficientStorage)
        case let error as MissingObject:
            logger.error("the bytes of a file are missing", metadata: ["error": "\(error)"])
            self.init(
                Failure(
                    .internalError,
                    "The server knows this file, but its bytes are not where it keeps them; the server's log has it as request \(requestID)."
                )
            )
        case let error as DatabaseError where error.kind == .connectionLost || error.kind == .retry:
            logger.error("the database is not there", metadata: ["error": "\(error)"])
            self.init(.unavailable("The database is not available for the moment."))
        case is CancellationError:
            // Only a server that stops cuts a request off.
            self.init(.unavailable("The server is stopping; ask again in a moment."))
        case let error as any HTTPResponseError where error.status.code < 500:
            self.init(Failure(.badRequest, error.status.reasonPhrase), status: error.status)
        default:
            logger.error("a request failed", metadata: ["error": "\(error)"])
            self.init(
                Failure(
                    .internalError,
                    "Internal server error; the server's log has it as request \(requestID)."
                )
            )
        }
    }

    package init(_ failure: Failure, status: HTTPResponse.Status? = nil) {
        self = .json(status: status ?? failure.code.status) { json in
            json.field("error_code", failure.code.rawValue)
            json.field("message", failure.message)
        }
        self.failure = failure
    }

    /// Says in plain text what went wrong, if anything did; status and headers stay.
    mutating func tellInText() {
        guard let failure else { return }
        let text = Answer.text(failure.message + "\n")
        headers[.contentType] = text.headers[.contentType]
        body = text.body
    }
}

extension Answer {
    /// Security: a client that may have credentials is asked for them; `git` and browsers send none before.
    package init(_ refusal: Refusal) {
        switch refusal {
        case .signIn:
            self.init(Failure(.unauthenticated, "Sign in: send a token or a name with its password."))
            headers[.wwwAuthenticate] = "Basic realm=\"Roost\", charset=\"UTF-8\""
        case .nothingHere(let message): self.init(.missing(message))
        case .mayNot(let message): self.init(Failure(.permissionDenied, message))
        }
    }
}

extension Failure.Code {
    package var status: HTTPResponse.Status {
        switch self {
        case .invalidParameter, .badRequest, .alreadyExists, .invalidState, .featureDisabled: .badRequest
        case .missing, .endpointNotFound: .notFound
        case .unauthenticated: .unauthorized
        case .permissionDenied: .forbidden
        case .tooLarge: .contentTooLarge
        case .notImplemented: .notImplemented
        case .unavailable: .serviceUnavailable
        case .internalError: .internalServerError
        }
    }
}

extension HTTPResponse.Status {
    fileprivate static let insufficientStorage = HTTPResponse.Status(
        code: 507,
        reasonPhrase: "Insufficient Storage"
    )
}
