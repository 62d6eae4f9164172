internal import NIOCore

/// Received pieces that are written together: about a mebibyte.
///
/// Large pieces are kept as they came. Small ones are copied together, because each keeps the whole buffer alive that
/// the socket was read into, and a sender of single bytes would hold thousands of them.
struct Block: Sendable {
    private(set) var buffers: [ByteBuffer] = []
    private var sizeBytes = 0
    private var lastIsCopied = false

    private static let fullBytes = 1 << 20
    private static let smallBytes = 16 << 10

    var isEmpty: Bool { sizeBytes == 0 }
    var isFull: Bool { sizeBytes >= Self.fullBytes }

    mutating func append(_ piece: ByteBuffer) {
        sizeBytes += piece.readableBytes
        guard piece.readableBytes < Self.smallBytes else {
            lastIsCopied = false
            return buffers.append(piece)
        }
        if lastIsCopied {
            buffers[buffers.count - 1].writeImmutableBuffer(piece)
        } else {
            buffers.append(ByteBuffer(bytes: piece.readableBytesView))
            lastIsCopied = true
        }
    }

    /// The block so far; this one is empty afterwards.
    mutating func take() -> Block {
        defer { self = Block() }
        return self
    }

    func hash() -> ContentHash {
        var hash = RunningHash()
        buffers.forEach { hash.update($0) }
        return hash.value
    }

    func joined() -> ByteBuffer {
        guard buffers.count != 1 else { return buffers[0] }
        var whole = ByteBuffer()
        buffers.forEach { whole.writeImmutableBuffer($0) }
        return whole
    }
}
