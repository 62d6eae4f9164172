internal import Crypto
internal import NIOCore

/// The hash of what was written so far, and how much that is.
struct RunningHash: Sendable {
    private var hash = SHA256()
    private(set) var sizeBytes: Int64 = 0

    var value: ContentHash { ContentHash(hash.finalize()) }

    mutating func update(_ buffer: ByteBuffer) {
        buffer.withUnsafeReadableBytes { hash.update(bufferPointer: $0) }
        sizeBytes += Int64(buffer.readableBytes)
    }

    func updated(_ buffer: ByteBuffer) -> RunningHash {
        var next = self
        next.update(buffer)
        return next
    }
}
