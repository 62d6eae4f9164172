internal import Crypto
internal import NIOCore

/// The hash of what was written so far, and how much that is.
struct RunningHash: Sendable {
    private var hash = SHA256()
    private(set) var sizeBytes: Int64 = 0

    /// How much is written before the kernel is asked to begin with the disk.
    private static let writeBackBytes: Int64 = 8 << 20

    var value: ContentHash { ContentHash(hash.finalize()) }

    mutating func update(_ buffer: ByteBuffer) {
        buffer.withUnsafeReadableBytes { hash.update(bufferPointer: $0) }
        sizeBytes += Int64(buffer.readableBytes)
    }

    /// Appends a block to what begins at `start` in a file, and gives the hash that includes it.
    func writing(_ block: Block, to file: OpenFile, from start: Int64) throws -> RunningHash {
        var next = self
        block.buffers.forEach { next.update($0) }
        try file.write(block.buffers, at: start + sizeBytes)
        let (before, after) = (sizeBytes / Self.writeBackBytes, next.sizeBytes / Self.writeBackBytes)
        if after > before {
            file.startWriteBack(
                at: start + before * Self.writeBackBytes,
                count: (after - before) * Self.writeBackBytes
            )
        }
        return next
    }
}
