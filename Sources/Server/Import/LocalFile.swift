import Foundation
import NIOCore
import NIOPosix

/// The bytes of a file of this machine, a mebibyte at a time, read on threads for blocking work.
struct LocalFile: AsyncSequence, Sendable {
    let path: String

    private static let pieceBytes = 1 << 20

    struct Iterator: AsyncIteratorProtocol {
        let path: String
        var handle: FileHandle?

        mutating func next() async throws -> ByteBuffer? {
            let (path, opened) = (path, handle)
            let (handle, piece) = try await NIOThreadPool.singleton.runIfActive {
                let handle = try opened ?? FileHandle(forReadingFrom: URL(fileURLWithPath: path))
                return (handle, try handle.read(upToCount: LocalFile.pieceBytes))
            }
            self.handle = handle
            guard let piece, !piece.isEmpty else { return nil }
            return ByteBuffer(bytes: piece)
        }
    }

    func makeAsyncIterator() -> Iterator { Iterator(path: path) }
}
