import Core
import HTTP
import HTTPTypes
import Hummingbird
import NIOCore

extension Call {
    /// The body as a stream that throws where it ends before the length that was announced.
    ///
    /// Hummingbird takes the end of a connection for the end of a body; to a file it would be a broken upload that looks
    /// whole.
    var wholeBody: WholeBody {
        WholeBody(body: request.body, sizeBytes: request.headers[.contentLength].flatMap(Int.init))
    }
}

struct WholeBody: AsyncSequence, Sendable {
    let body: RequestBody
    let sizeBytes: Int?

    struct Iterator: AsyncIteratorProtocol {
        var iterator: RequestBody.AsyncIterator
        var missingBytes: Int?

        mutating func next() async throws -> ByteBuffer? {
            guard let chunk = try await received() else {
                guard let missingBytes, missingBytes != 0 else { return nil }
                throw endedEarly
            }
            missingBytes? -= chunk.readableBytes
            return chunk
        }

        /// A client that hangs up is no fault of the server's, whatever the socket calls it.
        private mutating func received() async throws -> ByteBuffer? {
            do {
                return try await iterator.next()
            } catch let error where !(error is CancellationError) {
                throw endedEarly
            }
        }
    }

    func makeAsyncIterator() -> Iterator {
        Iterator(iterator: body.makeAsyncIterator(), missingBytes: sizeBytes)
    }
}

private let endedEarly = Failure(.badRequest, "The request ended before its body did.")
