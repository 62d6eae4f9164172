package import Accounts
package import Core
import HTTPTypes
package import Hummingbird
package import Logging
package import NIOCore

/// One request on its way to a handler: who asks, what for, and the body that is still to be read.
package struct Call: Sendable {
    package let access: Access
    package let request: Request
    package let logger: Logger
    package let bodyLimitBytes: Int
    /// From where it came, as attempts to sign in are counted by.
    package let clientAddress: String
    /// Whether who asks speaks HTTPS, to this server or to a proxy that is believed.
    package let isSecure: Bool
    private let parameters: PathParameters
    /// Whether its row is for everybody, known or not.
    private let isOpen: Bool
    private let readmission: Readmission?

    /// Asks the gate anew.
    package typealias Readmission = @Sendable () async throws -> Void

    package init(
        access: Access,
        request: Request,
        parameters: PathParameters,
        logger: Logger,
        bodyLimitBytes: Int,
        clientAddress: String = "local",
        isSecure: Bool = false,
        isOpen: Bool = false,
        readmission: Readmission? = nil
    ) {
        self.access = access
        self.request = request
        self.parameters = parameters
        self.logger = logger
        self.bodyLimitBytes = bodyLimitBytes
        self.clientAddress = clientAddress
        self.isSecure = isSecure
        self.isOpen = isOpen
        self.readmission = readmission
    }

    /// Whether whoever asked would still be let in: an answer that goes on for long must not outlive the right to it.
    package func isStillAdmitted() async -> Bool {
        guard let readmission else { return true }
        return (try? await readmission()) != nil
    }

    /// For whom stores are opened.
    package var caller: Caller { access.caller }

    /// What stood for `:name` in the path, decoded once.
    package func parameter(_ name: String) -> String {
        guard let value = parameters[name] else {
            preconditionFailure("the path of this endpoint has no :\(name)")
        }
        return value
    }

    /// What stood for `**` in the path, decoded once; whether it is a sound path is for its reader to say.
    package var rest: String { parameter("**") }

    package var query: Query { Query(request.uri.query) }

    /// Whether the body is long, or nobody knows how long.
    package var mayBeLong: Bool {
        if let length = request.headers[.contentLength].flatMap(Int.init) { return length > Moment.bytes }
        return request.headers[.transferEncoding] != nil
    }

    /// What is sent to sign in, and the like, is no longer than this.
    private static let openBodyBytes = 64 << 10
    /// Security: what is parsed takes many times the room of its text, and who is not known cannot be held to account.
    private static let strangersBodyBytes = 2 << 20

    /// The body whole, up to the limit that the server has for bodies in memory.
    ///
    /// - Parameter mostBytes: How long it may be for this call, where that is less.
    /// - Returns: Its bytes.
    /// - Throws: `Failure.tooLarge` where it is longer.
    package func body(upTo mostBytes: Int = .max) async throws -> ByteBuffer {
        let own = isOpen ? Self.openBodyBytes : isOfStranger ? Self.strangersBodyBytes : .max
        let limit = min(bodyLimitBytes, mostBytes, own)
        if let length = request.headers[.contentLength].flatMap(Int.init), length > limit {
            throw tooLarge(limit)
        }
        do {
            return try await request.body.collect(upTo: limit)
        } catch is NIOTooManyBytesError {
            throw tooLarge(limit)
        } catch let error where !(error is CancellationError) {
            // A client that hangs up or breaks its chunks is no fault of the server's.
            throw Failure(.badRequest, "The request body ended early or cannot be read.")
        }
    }

    /// The same call with its body in memory, where it is read more than once.
    ///
    /// - Throws: As `body`.
    func holdingBody() async throws -> Call {
        var request = request
        request.body = RequestBody(buffer: try await body())
        return Call(
            access: access,
            request: request,
            parameters: parameters,
            logger: logger,
            bodyLimitBytes: bodyLimitBytes,
            clientAddress: clientAddress,
            isSecure: isSecure,
            isOpen: isOpen
        )
    }

    /// The body whole, of a request that must say that it is JSON; for handlers that decode by hand.
    package func jsonBody() async throws -> ByteBuffer {
        try checkContentType()
        return try await body()
    }

    /// Security: a page elsewhere can make a browser send plain text or a form without asking, but not JSON.
    private func checkContentType() throws {
        guard request.method == .post || request.method == .put else { return }
        guard let type = request.headers[.contentType] else {
            throw Failure.invalid("Bad Request. Content-Type header is missing.")
        }
        guard type.prefix(while: { $0 != ";" }) == "application/json" else {
            throw Failure.invalid("Bad Request. Content-Type must be one of ['application/json'].")
        }
    }

    private var isOfStranger: Bool { access.identity.means == .nothing }

    private func tooLarge(_ limit: Int) -> Failure {
        let reason =
            if limit == bodyLimitBytes {
                "(--body-limit-bytes)"
            } else if limit == Self.strangersBodyBytes, isOfStranger {
                "for who has not signed in"
            } else {
                "that this call has"
            }
        return Failure(.tooLarge, "The request body is longer than the limit of \(limit) bytes \(reason).")
    }
}
