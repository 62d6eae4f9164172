internal import Glibc
internal import NIOPosix
import Synchronization

package import Core

/// A PostgreSQL database behind a pool of connections; several servers may share it.
///
/// A transaction that the database asks to repeat is run again, and so is one whose connection broke before its commit
/// was sent. Where the answer to a commit was lost, nobody knows whether it holds: the caller is told to ask again.
package final class PostgresDatabase: Database {
    private let uri: String
    private let clock: Clock
    private let sharesTime: Bool
    private let threads: NIOThreadPool
    private let idle = Mutex<[Lent]>([])

    /// A connection is only used by the thread that took it from the idle ones.
    private struct Lent: @unchecked Sendable {
        let connection: PostgresConnection
    }

    /// After this time a transaction begins no more than for the third time, for each may have waited long for a lock.
    private static let patience = Duration.seconds(60)

    /// How often a transaction begins that ends in a way.
    private static func tries(after kind: DatabaseError.Kind) -> Int {
        switch kind {
        case .retry, .connectionLost: 20
        // What is referred to was there when it was looked for, and the next try finds that it is gone; or it never was.
        case .foreignKeyViolation: 3
        case .uniqueViolation, .diskFull, .other: 1
        }
    }

    package var dialect: Dialect { .postgres }

    /// Opens the pool and one connection, so that a wrong address is known at once.
    ///
    /// - Parameters:
    ///   - uri: Anything that libpq takes: `postgresql://…` or `host=… dbname=…`.
    ///   - connectionCount: How many transactions run at the same time; as many threads wait for the database.
    ///   - clock: Where transactions take their time from.
    ///   - sharesTime: Whether the database tells the time that servers share; false for tests that choose it.
    /// - Throws: `DatabaseError` where the server cannot be reached or refuses.
    package init(
        uri: String,
        connectionCount: Int = 8,
        clock: Clock = .system,
        sharesTime: Bool = true
    ) throws {
        self.uri = uri
        self.clock = clock
        self.sharesTime = sharesTime
        let first = Lent(connection: try PostgresConnection(uri: uri, sharesTime: sharesTime))
        idle.withLock { $0.append(first) }
        threads = NIOThreadPool(numberOfThreads: connectionCount)
        threads.start()
    }

    package func write<T: Sendable>(
        _ body: @escaping @Sendable (any Connection) throws -> T
    ) async throws -> T {
        try await threads.runIfActive { try self.transaction("BEGIN", body) }
    }

    package func read<T: Sendable>(
        _ body: @escaping @Sendable (any Connection) throws -> T
    ) async throws -> T {
        try await threads.runIfActive {
            try self.transaction("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", body)
        }
    }

    package func close() async throws {
        try await threads.shutdownGracefully()
        idle.withLock { $0 = [] }
    }

    private func transaction<T>(_ begin: SQL, _ body: (any Connection) throws -> T) throws -> T {
        let end = ContinuousClock.now + Self.patience
        for attempt in 1... {
            do {
                return try attemptTransaction(begin, body)
            } catch let error as DatabaseError {
                let mayWait = attempt < 3 || ContinuousClock.now < end
                guard mayWait, attempt < Self.tries(after: error.kind) else {
                    guard error.kind == .retry || error.kind == .connectionLost else { throw error }
                    throw Failure.unavailable("The database is not available.", cause: error)
                }
                if error.kind != .connectionLost { Self.pause(after: attempt) }
            }
        }
        preconditionFailure("the tries have no end")
    }

    /// Holds the thread for a moment, each time a longer one up to a tenth of a second, and of another length for each
    /// transaction: those that stood in each other's way are not to meet again.
    private static func pause(after attempt: Int) {
        let mostMicroseconds = UInt32(min(500 << attempt, 100_000))
        usleep(UInt32.random(in: 0...mostMicroseconds))
    }

    private func attemptTransaction<T>(_ begin: SQL, _ body: (any Connection) throws -> T) throws -> T {
        let connection = try borrow()
        let value: T
        do {
            connection.nowMs = clock.nowMs()
            try connection.execute(begin)
            value = try body(connection)
        } catch {
            _ = connection.takeHooks()
            if connection.isAlive, (try? connection.execute("ROLLBACK")) != nil { giveBack(connection) }
            throw error
        }
        do {
            try connection.execute("COMMIT")
        } catch let error as DatabaseError where error.kind == .connectionLost {
            throw Failure.unavailable("The database stopped while it committed; ask again.", cause: error)
        }
        let hooks = connection.takeHooks()
        giveBack(connection)
        for hook in hooks { hook() }
        return value
    }

    private func borrow() throws -> PostgresConnection {
        if let lent = idle.withLock({ $0.popLast() }), lent.connection.isAlive { return lent.connection }
        do {
            return try PostgresConnection(uri: uri, sharesTime: sharesTime)
        } catch let error as DatabaseError {
            throw Failure.unavailable("The database cannot be reached.", cause: error)
        }
    }

    private func giveBack(_ connection: PostgresConnection) {
        let lent = Lent(connection: connection)
        idle.withLock { $0.append(lent) }
    }
}
