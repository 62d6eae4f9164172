internal import NIOCore
internal import NIOPosix

/// A body on its way into a file: hashed and written block by block on threads for blocking work.
///
/// While one block is hashed and written, both at once, the next is received.
struct FileWriter {
    private let file: OpenFile
    private let start: Int64
    private let pool: NIOThreadPool
    private var block = Block()
    /// How much has been given to the threads.
    private var sentBytes: Int64 = 0
    private var hashing: EventLoopFuture<RunningHash>
    private var writing: EventLoopFuture<Void>

    init(file: OpenFile, start: Int64 = 0, pool: NIOThreadPool) {
        self.file = file
        self.start = start
        self.pool = pool
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        hashing = loop.makeSucceededFuture(RunningHash())
        writing = loop.makeSucceededVoidFuture()
    }

    /// Returns when the piece is in memory of its own, and all blocks before its own are written.
    mutating func append(_ piece: ByteBuffer) async throws {
        var piece = piece
        while piece.readableBytes > 0 {
            block.append(from: &piece)
            if block.isFull { try await send() }
        }
    }

    /// Waits for the last block.
    mutating func finish() async throws -> RunningHash {
        if !block.isEmpty { try await send() }
        try await writing.get()
        return try await hashing.get()
    }

    /// Waits for the block before, and gives this one to the threads.
    private mutating func send() async throws {
        let hash = try await hashing.get()
        try await writing.get()
        let (file, block, write) = (file, block.take(), Write(at: start + sentBytes, after: sentBytes))
        sentBytes += Int64(block.bytes.readableBytes)
        hashing = pool.runIfActive(eventLoop: hashing.eventLoop) { hash.updated(block.bytes) }
        writing = pool.runIfActive(eventLoop: writing.eventLoop) { try write.run(block, file) }
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
