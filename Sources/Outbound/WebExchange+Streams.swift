internal import NIOCore
internal import NIOHTTP1

extension WebExchange {
    /// - Throws: `OutboundError`, and what `body` throws.
    func receive<Value: Sendable>(
        headers: [(String, String)],
        limitBytes: Int64,
        _ body: @Sendable (WebBody) async throws -> Value
    ) async throws -> Value {
        let request = head(.GET, headers)
        return try await connect(silenceSeconds: OutboundClient.silenceSeconds)
            .executeThenClose { inbound, outbound in
                do {
                    try await outbound.write(contentsOf: [.head(request), .end(nil)])
                } catch let error where !(error is CancellationError) {
                    throw OutboundError.noAnswer(Self.words(of: error))
                }
                return try await body(WebBody(parts: inbound, limitBytes: limitBytes))
            }
    }

    /// - Throws: `OutboundError`, and what `pieces` throws.
    func put(
        sizeBytes: Int64,
        headers: [(String, String)],
        _ pieces: (_ write: (ByteBuffer) async throws -> Void) async throws -> Void
    ) async throws -> OutboundClient.Answer {
        let request = head(.PUT, headers + [("Content-Length", "\(sizeBytes)")])
        return try await connect(silenceSeconds: OutboundClient.silenceSeconds)
            .executeThenClose { inbound, outbound in
                func write(_ part: HTTPClientRequestPart) async throws {
                    do {
                        try await outbound.write(part)
                    } catch let error where !(error is CancellationError) {
                        throw BrokenOff(words: Self.words(of: error))
                    }
                }
                do {
                    try await write(.head(request))
                    try await pieces { try await write(.body(.byteBuffer($0))) }
                    try await write(.end(nil))
                } catch let breach as BrokenOff {
                    // Whoever does not want it may have said so before they hung up.
                    do { return try await read(inbound) } catch is OutboundError {
                        throw OutboundError.noAnswer(breach.words)
                    }
                }
                do {
                    return try await read(inbound)
                } catch let error where !(error is OutboundError || error is CancellationError) {
                    throw OutboundError.noAnswer(Self.words(of: error))
                }
            }
    }
}

/// The other side took no more of what was sent.
private struct BrokenOff: Error {
    let words: String
}

/// Closes a connection on which nothing is said any more.
final class SilenceHandler: ChannelInboundHandler {
    typealias InboundIn = NIOAny

    private let seconds: Int64

    init(seconds: Int64) { self.seconds = seconds }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard event is IdleStateHandler.IdleStateEvent else {
            context.fireUserInboundEventTriggered(event)
            return
        }
        context.fireErrorCaught(OutboundError.timedOut(seconds: seconds))
        context.close(promise: nil)
    }
}
