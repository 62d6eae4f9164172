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
        /// The one that was used last comes first: what it has cached is still warm.
        var idle: [Reader] = []
        var isClosed = false
    }

    /// A connection is only used by who took it from the shelf.
    private struct Reader: @unchecked Sendable {
        let connection: SQLiteConnection
    }

    init(path: String, threadCount: Int, clock: Clock) {
        self.path = path
        self.clock = clock
        threads = NIOThreadPool(numberOfThreads: threadCount)
        threads.start()
    }

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
        if let mark { slowReads.insert(mark) }
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
        let reader = try shelf.withLock { shelf in
            guard !shelf.isClosed else { throw Failure.unavailable("The server is stopping.") }
            return shelf.idle.popLast()
        }
        return try reader ?? Reader(connection: SQLiteConnection(reading: path))
    }

    private func giveBack(_ reader: Reader) {
        let isKept = shelf.withLock { shelf in
            // One whose transaction could not be ended is of no use to others.
            guard !shelf.isClosed, !reader.connection.isInTransaction else { return false }
            shelf.idle.append(reader)
            return true
        }
        if !isKept { reader.connection.close() }
    }
}
