package import NIOCore
internal import NIOHTTP1

/// What is answered to a request, as a stream that holds a few pieces, however long it is; it can be read once.
package struct WebBody: AsyncSequence, Sendable {
    let parts: NIOAsyncChannelInboundStream<HTTPClientResponsePart>
    let limitBytes: Int64

    package struct Iterator: AsyncIteratorProtocol {
        var parts: NIOAsyncChannelInboundStream<HTTPClientResponsePart>.AsyncIterator
        let limitBytes: Int64
        private var sizeBytes: Int64 = 0
        private var isWhole = false

        init(_ body: WebBody) {
            parts = body.parts.makeAsyncIterator()
            limitBytes = body.limitBytes
        }

        /// - Throws: `WebRefusal` for an answer that is none to what was asked; `OutboundError` for one that is too long or
        ///   breaks off.
        package mutating func next() async throws -> ByteBuffer? {
            guard !isWhole else { return nil }
            while let part = try await part() {
                switch part {
                case .head(let head):
                    guard head.status.code >= 200 else { continue }
                    guard head.status.code == 200 else {
                        throw WebRefusal(
                            status: Int(head.status.code),
                            location: head.headers.first(name: "Location")
                        )
                    }
                case .body(let piece):
                    sizeBytes += Int64(piece.readableBytes)
                    guard sizeBytes <= limitBytes else {
                        throw OutboundError.noAnswer("it is longer than \(limitBytes) bytes")
                    }
                    return piece
                case .end:
                    isWhole = true
                    return nil
                }
            }
            throw OutboundError.noAnswer("the connection was closed")
        }

        private mutating func part() async throws -> HTTPClientResponsePart? {
            do {
                return try await parts.next()
            } catch let error where !(error is OutboundError || error is CancellationError) {
                throw OutboundError.noAnswer(WebExchange.words(of: error))
            }
        }
    }

    package func makeAsyncIterator() -> Iterator { Iterator(self) }
}

/// An answer whose status says that it is not what was asked for.
package struct WebRefusal: Error, Sendable, Hashable {
    package let status: Int
    /// The header `Location`, as it came: where it leads was not checked.
    package let location: String?
}
