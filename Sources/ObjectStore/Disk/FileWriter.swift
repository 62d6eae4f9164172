internal import NIOCore
internal import NIOPosix

/// A body on its way into a file: hashed and written block by block on threads for blocking work.
///
/// While blocks are hashed and written, both at once, the next is received.
struct FileWriter {
    private let file: OpenFile
    private let start: Int64
    private let pool: NIOThreadPool
    private var block = Block()
    /// How much has been given to the threads.
    private var sentBytes: Int64 = 0
    /// Done when all blocks so far are hashed, one after the other.
    private var hashing: EventLoopFuture<RunningHash>
    /// Done when all blocks so far are written: one after the other, since they say of the one open file whether it is written
    /// past the cache.
    private var writing: EventLoopFuture<Void>
    /// Blocks that the threads have, the first one first; each done when it is hashed and written.
    private var underWay: [EventLoopFuture<Void>] = []

    /// So many blocks the threads may have: one to work at, and one so that they need not wait for the next.
    private static let mostUnderWay = 2

    init(file: OpenFile, start: Int64 = 0, pool: NIOThreadPool) {
        self.file = file
        self.start = start
        self.pool = pool
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        hashing = loop.makeSucceededFuture(RunningHash())
        writing = loop.makeSucceededVoidFuture()
    }

    /// Returns when the piece is in memory of its own, and the threads are at most two blocks behind.
    mutating func append(_ piece: ByteBuffer) async throws {
        var piece = piece
        while piece.readableBytes > 0 {
            block.append(from: &piece)
            if block.isFull { try await send() }
        }
    }

    /// Waits for all blocks.
    mutating func finish() async throws -> RunningHash {
        if !block.isEmpty { try await send() }
        for block in underWay { try await block.get() }
        return try await hashing.get()
    }

    /// Gives this block to the threads, when they have room for it.
    private mutating func send() async throws {
        if underWay.count == Self.mostUnderWay { try await underWay.removeFirst().get() }
        let (file, pool, block) = (file, pool, block.take())
        let write = Write(at: start + sentBytes, after: sentBytes)
        sentBytes += Int64(block.bytes.readableBytes)
        hashing = hashing.flatMapWithEventLoop { hash, loop in
            pool.runIfActive(eventLoop: loop) { hash.updated(block.bytes) }
        }
        writing = writing.flatMapWithEventLoop { _, loop in
            pool.runIfActive(eventLoop: loop) { try write.run(block, file) }
        }
        underWay.append(writing.and(hashing).map { _ in })
    }
}

/// How a block comes onto the disk.
private struct Write {
    let offset: Int64
    private let mayBeDirect: Bool

    /// What is longer than this is rather kept out of the kernel's cache, where it would push out what is read often;
    /// and the disk is at work from the first block on.
    private static let cachedBytes: Int64 = 4 << 20

    init(at offset: Int64, after sentBytes: Int64) {
        self.offset = offset
        mayBeDirect = sentBytes >= Self.cachedBytes && offset % Int64(Block.pageBytes) == 0
    }

    func run(_ block: Block, _ file: OpenFile) throws {
        if mayBeDirect, block.isFull, try file.writeDirectly(block, at: offset) { return }
        try file.write(block.bytes, at: offset)
        if block.isFull { file.startWriteBack(at: offset, count: Int64(Block.fullBytes)) }
    }
}
