package import NIOCore

extension OutboundClient {
    /// How long neither side may say anything while something long goes over.
    package static let silenceSeconds: Int64 = 120

    /// Gets something long, as a stream; there is no limit of time but that of silence.
    ///
    /// Security: as for `fetch`, only for answers that who made this server ask may see. A redirect is not followed: it is a
    /// `WebRefusal` with its address, which has to be checked as any other.
    ///
    /// - Parameters:
    ///   - text: The address.
    ///   - headers: Beside those of every request.
    ///   - limitBytes: How long the answer may be.
    ///   - body: Reads the answer; what the stream throws, `WebRefusal` and `OutboundError`, it lets pass.
    /// - Returns: What `body` returns.
    /// - Throws: `OutboundError`, `WebRefusal`, and what `body` throws.
    package func receive<Value: Sendable>(
        _ text: String,
        headers: [(String, String)] = [],
        limitBytes: Int64,
        _ body: @Sendable (WebBody) async throws -> Value
    ) async throws -> Value {
        try await exchange(with: text).receive(headers: headers, limitBytes: limitBytes, body)
    }

    /// Puts something long, as a stream; there is no limit of time but that of silence.
    ///
    /// - Parameters:
    ///   - sizeBytes: How long it is.
    ///   - headers: Beside those of every request.
    ///   - text: The address.
    ///   - pieces: Gives the pieces, in their order, to the function that it is given.
    /// - Returns: What is known of the answer, whatever its status.
    /// - Throws: `OutboundError`, and what `pieces` throws.
    package func put(
        sizeBytes: Int64,
        headers: [(String, String)],
        to text: String,
        _ pieces: (_ write: (ByteBuffer) async throws -> Void) async throws -> Void
    ) async throws -> Answer {
        try await exchange(with: text).put(sizeBytes: sizeBytes, headers: headers, pieces)
    }
}
