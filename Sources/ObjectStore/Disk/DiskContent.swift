internal import NIOCore
internal import NIOPosix

/// A stored file that is open for reading.
struct DiskContent: ObjectContent {
    let file: OpenFile
    let sizeBytes: Int64
    let pool: NIOThreadPool

    private static let pieceBytes: Int64 = 1 << 20

    func forEachPiece(
        of range: Range<Int64>,
        _ body: (ByteBuffer) async throws -> Void
    ) async throws {
        let range = range.clamped(to: 0..<sizeBytes)
        var next = range.lowerBound
        var ahead = read(from: &next, upTo: range.upperBound)
        while let reading = ahead {
            let piece = try await reading.get()
            // The next piece is read while this one is taken.
            ahead = read(from: &next, upTo: range.upperBound)
            try await body(piece)
        }
    }

    private func read(from start: inout Int64, upTo end: Int64) -> EventLoopFuture<ByteBuffer>? {
        guard start < end else { return nil }
        let count = Int(min(Self.pieceBytes, end - start))
        let offset = start
        start += Int64(count)
        let file = file
        return pool.runIfActive(eventLoop: MultiThreadedEventLoopGroup.singleton.any()) {
            let piece = try file.read(count, at: offset)
            guard piece.readableBytes == count else { throw TruncatedFile() }
            return piece
        }
    }
}

/// A stored file became shorter while it was read.
struct TruncatedFile: Error {}
