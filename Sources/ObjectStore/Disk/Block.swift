internal import NIOCore

/// Received pieces that are hashed and written together: up to a mebibyte in one piece of memory.
///
/// They are copied, because each keeps the whole buffer alive that the socket was read into. The memory begins where a
/// page does, so that the disk can take it without another copy.
struct Block: Sendable {
    private(set) var bytes: ByteBuffer

    static let fullBytes = 1 << 20
    static let pageBytes = 4_096

    init() {
        bytes = ByteBufferAllocator().buffer(capacity: Self.fullBytes + Self.pageBytes)
        let start = bytes.withUnsafeMutableWritableBytes { Int(bitPattern: $0.baseAddress) }
        let padding = (Self.pageBytes - start % Self.pageBytes) % Self.pageBytes
        bytes.moveWriterIndex(forwardBy: padding)
        bytes.moveReaderIndex(forwardBy: padding)
    }

    var isEmpty: Bool { bytes.readableBytes == 0 }
    var isFull: Bool { bytes.readableBytes == Self.fullBytes }

    /// Takes of a piece what there is room for.
    mutating func append(from piece: inout ByteBuffer) {
        let room = min(piece.readableBytes, Self.fullBytes - bytes.readableBytes)
        if var part = piece.readSlice(length: room) { bytes.writeBuffer(&part) }
    }

    /// The block so far; this one is empty afterwards.
    mutating func take() -> Block {
        defer { self = Block() }
        return self
    }
}
