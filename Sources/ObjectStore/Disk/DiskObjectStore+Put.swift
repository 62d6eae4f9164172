internal import Core
internal import Glibc
package import NIOCore
internal import NIOPosix

extension DiskObjectStore {
    package func put<Body: AsyncSequence & Sendable>(
        _ body: Body,
        inlineBytes: Int,
        limitBytes: Int64
    ) async throws -> StoredContent where Body.Element == ByteBuffer {
        var small: ByteBuffer?
        var writer: FileWriter?
        var incoming: IncomingFile?
        var sizeBytes: Int64 = 0
        for try await chunk in body {
            sizeBytes += Int64(chunk.readableBytes)
            guard sizeBytes <= limitBytes else { throw Failure.tooLarge(limitBytes) }
            if writer == nil, sizeBytes > inlineBytes {
                let file = try await makeIncoming()
                (incoming, writer) = (file, FileWriter(file: file.file, pool: pool))
                if let small { try await writer?.append(small) }
            }
            if writer == nil { small.append(chunk) } else { try await writer?.append(chunk) }
        }
        guard let incoming, var writer else {
            let content = small ?? ByteBuffer()
            return .inline(RunningHash().updated(content).value, content)
        }
        return .stored(try await keep(incoming, try await writer.finish().value), sizeBytes: sizeBytes)
    }

    func makeIncoming() async throws -> IncomingFile {
        try await pool.runIfActive { try IncomingFile(in: incoming) }
    }

    /// Makes a file that was written whole durable, then visible.
    func keep(_ file: IncomingFile, _ hash: ContentHash) async throws -> ObjectLocation {
        let location = ObjectLocation.new(hash)
        try await pool.runIfActive {
            try file.file.sync()
            try file.move(to: shard(of: location), as: location.name)
        }
        return location
    }

    /// Removes uploads that nobody is at work on any more: their process ended before they did.
    ///
    /// Other processes may share the folder. What they write is locked, and what they have just made and not yet locked
    /// is young.
    package func sweep() async throws {
        try await pool.runIfActive {
            let youngMs = Clock.system.nowMs() - 60_000
            for name in try incoming.names() {
                guard let file = try incoming.open(name, O_RDWR), try file.status().modifiedMs < youngMs,
                    file.lock()
                else { continue }
                try incoming.unlink(name)
            }
        }
    }
}

/// A file under a name that only its maker knows; removed unless it was moved to its place.
final class IncomingFile: Sendable {
    let file: OpenFile
    private let folder: OpenFile
    private let name: String

    init(in folder: OpenFile) throws {
        // Security: an unguessable name, made exclusively in a folder that only the server may enter.
        let random = (UInt64.random(in: 0 ... .max), UInt64.random(in: 0 ... .max))
        name = String(random.0, radix: 16) + String(random.1, radix: 16)
        self.folder = folder
        guard let file = try folder.open(name, O_RDWR | O_CREAT | O_EXCL) else {
            throw SystemError.last("create")
        }
        self.file = file
        _ = file.lock()
    }

    deinit {
        // After the move there is none of that name, which is no error.
        unlinkat(folder.descriptor, name, 0)
    }

    func move(to place: OpenFile, as final: String) throws {
        guard renameat(folder.descriptor, name, place.descriptor, final) == 0 else {
            throw SystemError.last("rename")
        }
        try place.sync()
    }
}

extension Failure {
    static func tooLarge(_ limitBytes: Int64) -> Failure {
        Failure(.tooLarge, "The file is larger than \(limitBytes) bytes.")
    }
}

extension ByteBuffer? {
    /// Adds a piece of a small content: the first as it is, later ones copied together.
    fileprivate mutating func append(_ piece: ByteBuffer) {
        guard self?.writeImmutableBuffer(piece) == nil else { return }
        self = piece
    }
}
