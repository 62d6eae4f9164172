import CZlib
import Core
import NIOCore

/// A body as it was before its sender compressed it; a stream that holds two pieces of 64 KB, however long it is.
struct InflatedBody<Body: AsyncSequence & Sendable>: AsyncSequence, Sendable
where Body.Element == ByteBuffer {
    let body: Body

    struct Iterator: AsyncIteratorProtocol {
        var body: Body.AsyncIterator
        let inflater: Inflater

        mutating func next() async throws -> ByteBuffer? {
            while true {
                if let piece = try inflater.next() { return piece }
                guard let bytes = try await body.next() else {
                    guard inflater.isWhole else { throw Inflater.broken }
                    return nil
                }
                try inflater.take(bytes)
            }
        }
    }

    func makeAsyncIterator() -> Iterator {
        Iterator(body: body.makeAsyncIterator(), inflater: Inflater())
    }
}

/// Undoes gzip.
final class Inflater {
    private var stream = z_stream()
    private var input = ByteBuffer()
    private var mayHaveMore = false
    private(set) var isWhole = false

    private static let pieceBytes = 65_536
    static var broken: Failure { Failure(.badRequest, "The request body is no gzip, or ended early.") }

    init() {
        // 16 beside the window's size asks for the gzip header.
        let status = inflateInit2_(&stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        precondition(status == Z_OK, "zlib is of another version than its header")
    }

    deinit { inflateEnd(&stream) }

    /// Takes the next bytes; what was given before has been asked for with `next`.
    func take(_ bytes: ByteBuffer) throws {
        guard !isWhole || bytes.readableBytes == 0 else { throw Self.broken }
        input = bytes
        mayHaveMore = true
    }

    /// The next piece; nil where more has to be taken.
    func next() throws -> ByteBuffer? {
        guard mayHaveMore, !isWhole else { return nil }
        var output = ByteBuffer()
        var status = Z_OK
        output.writeWithUnsafeMutableBytes(minimumWritableBytes: Self.pieceBytes) { space in
            let usedBytes = input.withUnsafeReadableBytes { given in
                stream.next_in = UnsafeMutablePointer(
                    mutating: given.baseAddress?.assumingMemoryBound(to: Bytef.self)
                )
                stream.avail_in = uInt(given.count)
                stream.next_out = space.baseAddress?.assumingMemoryBound(to: Bytef.self)
                stream.avail_out = uInt(min(space.count, Self.pieceBytes))
                status = inflate(&stream, Z_NO_FLUSH)
                return given.count - Int(stream.avail_in)
            }
            input.moveReaderIndex(forwardBy: usedBytes)
            return min(space.count, Self.pieceBytes) - Int(stream.avail_out)
        }
        switch status {
        case Z_STREAM_END: isWhole = true
        case Z_OK: break
        // There was nothing left to do.
        case Z_BUF_ERROR: mayHaveMore = false
        default: throw Self.broken
        }
        if isWhole, input.readableBytes > 0 { throw Self.broken }
        if output.readableBytes < Self.pieceBytes { mayHaveMore = false }
        return output.readableBytes > 0 ? output : nil
    }
}
