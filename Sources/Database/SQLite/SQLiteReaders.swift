internal import GRDBSQLite
internal import NIOPosix
import Synchronization

import Core

/// The readers of an SQLite file: connections that lie ready, each lent to one snapshot at a time.
///
/// Our own rather than GRDB's, which passes each read through a queue of its own and prepares `BEGIN` and `COMMIT` anew.
final class SQLiteReaders: Sendable {
    private let path: String
    private let clock: Clock
    private let threads: NIOThreadPool
    private let slowReads = SlowReads()
    private let shelf = Mutex(Shelf())

    private struct Shelf {
        /// By their numbers, the lowest last, which is lent first: what it has cached is warm, and it may cache the most.
        var idle: [Reader] = []
        var made = 0
        var isClosed = false

        /// Nil for a number that has no connection yet.
        mutating func take() -> (number: Int, Reader?) {
            if let reader = idle.popLast() { return (reader.number, reader) }
            defer { made += 1 }
            return (made, nil)
        }

        mutating func put(_ reader: Reader) {
            let place = idle.firstIndex { $0.number < reader.number } ?? idle.endIndex
            idle.insert(reader, at: place)
        }
    }

    /// A connection is only used by who took it from the shelf.
    private struct Reader: @unchecked Sendable {
        let number: Int
        let connection: SQLiteConnection
    }

    /// What the first connection caches, which serves all reads that are alone: a search among 100,000 runs touches 20 MB.
    private static let firstCacheKilobytes = 32_000
    private static let cacheKilobytes = 8_000

    init(path: String, threadCount: Int, clock: Clock) {
        self.path = path
        self.clock = clock
        threads = NIOThreadPool(numberOfThreads: threadCount)
        threads.start()
    }

    /// Who keeps the write-ahead log short for these readers, on one of their threads.
    func checkpoints() -> Checkpoints { Checkpoints(path: path, threads: threads) }

    /// Reads on a thread of our own, however long it takes.
    func read<T: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> T) async throws -> T {
        let now = clock.nowMs()
        return try await threads.runIfActive {
            let reader = try self.take()
            defer { self.giveBack(reader) }
            return try reader.connection.snapshot(now, body)
        }
    }

    /// Reads on the thread of the caller; what takes more than a moment there is given up and read on one of ours.
    func glance<T: Sendable>(
        as mark: String?,
        _ body: @escaping @Sendable (any Connection) throws -> T
    ) async throws -> T {
        if let mark, slowReads.contains(mark) { return try await read(body) }
        if let result = try hurriedly(body) { return try result.get() }
        guard let mark else { return try await read(body) }
        slowReads.insert(mark)
        // Counted from its end: what took longer than it is remembered would be tried in a hurry again at once.
        defer { slowReads.insert(mark) }
        return try await read(body)
    }

    /// Nil where it was given up.
    private func hurriedly<T>(_ body: (any Connection) throws -> T) throws -> Result<T, any Error>? {
        let reader = try take()
        defer { giveBack(reader) }
        return reader.connection.hurry {
            Result { try reader.connection.snapshot(clock.nowMs(), body) }
        }
    }

    /// Lets the reads under way end and takes no more.
    func close() async throws {
        try await threads.shutdownGracefully()
        let idle = shelf.withLock { shelf in
            defer { shelf.idle = [] }
            shelf.isClosed = true
            return shelf.idle
        }
        for reader in idle { reader.connection.close() }
    }

    deinit {
        for reader in shelf.withLock({ $0.idle }) { reader.connection.close() }
    }

    private func take() throws -> Reader {
        let (number, reader) = try shelf.withLock { shelf in
            guard !shelf.isClosed else { throw Failure.unavailable("The server is stopping.") }
            return shelf.take()
        }
        if let reader { return reader }
        let cache = number == 0 ? Self.firstCacheKilobytes : Self.cacheKilobytes
        return try Reader(
            number: number,
            connection: SQLiteConnection(reading: path, cacheKilobytes: cache)
        )
    }

    private func giveBack(_ reader: Reader) {
        let isKept = shelf.withLock { shelf in
            // One whose transaction could not be ended is of no use to others.
            guard !shelf.isClosed, !reader.connection.isInTransaction else { return false }
            shelf.put(reader)
            return true
        }
        if !isKept { reader.connection.close() }
    }
}
