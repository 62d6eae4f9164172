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
        var block = Block()
        var writer: FileWriter?
        var incoming: IncomingFile?
        var sizeBytes: Int64 = 0
        for try await chunk in body {
            sizeBytes += Int64(chunk.readableBytes)
            guard sizeBytes <= limitBytes else { throw Failure.tooLarge(limitBytes) }
            block.append(chunk)
            if writer == nil, sizeBytes > inlineBytes {
                let file = try await makeIncoming()
                (incoming, writer) = (file, FileWriter(file: file.file, pool: pool))
            }
            if block.isFull, writer != nil { try await writer?.write(block.take()) }
        }
        guard let incoming, var writer else { return .inline(block.hash(), block.joined()) }
        if !block.isEmpty { try await writer.write(block.take()) }
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

/// A body on its way into a file: hashed and written block by block on threads for blocking work.
///
/// While one block is written the next is received.
struct FileWriter {
    private let file: OpenFile
    private let start: Int64
    private let pool: NIOThreadPool
    private var writing: EventLoopFuture<RunningHash>

    init(file: OpenFile, start: Int64 = 0, pool: NIOThreadPool) {
        self.file = file
        self.start = start
        self.pool = pool
        writing = MultiThreadedEventLoopGroup.singleton.any().makeSucceededFuture(RunningHash())
    }

    /// Waits for the block before, and gives this one to a thread.
    mutating func write(_ block: Block) async throws {
        let hash = try await writing.get()
        let (file, start) = (file, start)
        writing = pool.runIfActive(eventLoop: writing.eventLoop) {
            try hash.writing(block, to: file, from: start)
        }
    }

    /// Waits for the last block.
    func finish() async throws -> RunningHash {
        try await writing.get()
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
