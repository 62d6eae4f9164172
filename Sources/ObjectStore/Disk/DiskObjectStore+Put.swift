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
        var upload: DiskUpload?
        var sizeBytes: Int64 = 0
        for try await chunk in body {
            sizeBytes += Int64(chunk.readableBytes)
            guard sizeBytes <= limitBytes else {
                throw Failure(.tooLarge, "The file is larger than \(limitBytes) bytes.")
            }
            block.append(chunk)
            if upload == nil, sizeBytes > inlineBytes { upload = try await DiskUpload.start(in: self) }
            if block.isFull, upload != nil { try await upload?.write(block.take()) }
        }
        guard var upload else { return .inline(block.hash(), block.joined()) }
        if !block.isEmpty { try await upload.write(block.take()) }
        return .stored(try await upload.finish(), sizeBytes: sizeBytes)
    }

    /// Removes uploads that nobody is at work on any more: their process ended before they did.
    ///
    /// Other processes may share the folder. What they write is locked, and what they have just made and not yet locked
    /// is young.
    func sweep() async throws {
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

/// One upload on its way into a file: hashed and written block by block on threads for blocking work.
///
/// While one block is written the next is received. An upload that is not finished takes its file with it.
struct DiskUpload {
    private let store: DiskObjectStore
    private let file: IncomingFile
    private var writing: EventLoopFuture<RunningHash>

    static func start(in store: DiskObjectStore) async throws -> DiskUpload {
        let file = try await store.pool.runIfActive { try IncomingFile(in: store.incoming) }
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        return DiskUpload(store: store, file: file, writing: loop.makeSucceededFuture(RunningHash()))
    }

    /// Waits for the block before, and gives this one to a thread.
    mutating func write(_ block: Block) async throws {
        let hash = try await writing.get()
        let file = file.file
        writing = store.pool.runIfActive(eventLoop: writing.eventLoop) {
            try hash.writing(block, to: file)
        }
    }

    /// Makes the bytes durable, then visible.
    func finish() async throws -> ObjectLocation {
        let hash = try await writing.get()
        let location = ObjectLocation(
            hash: hash.value,
            nonce: Int64.random(in: .min ... .max)
        )
        try await store.pool.runIfActive {
            try file.file.sync()
            try file.move(to: store.shard(of: location), as: location.name)
        }
        return location
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
