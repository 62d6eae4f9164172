import Core
internal import GRDB
internal import NIOPosix
import Synchronization

/// The one writer of an SQLite file: what arrives while a commit is on its way to the disk is committed together next.
///
/// A request waits for its own durable commit. One that fails is rolled back to its savepoint and does not touch its
/// neighbours.
final class GroupCommit: Sendable {
    private let pool: DatabasePool
    private let connections: ConnectionTable
    private let clock: Clock
    /// Called after commits, before the next wait.
    private let noteCommit: @Sendable () -> Void
    private let thread: NIOThreadPool
    private let queue = Mutex(Queue())

    private struct Queue {
        var waiting: [any Job] = []
        var isDraining = false
    }

    /// How many requests share a commit at the most, so that the first of them does not wait for all of a flood.
    private static let groupLimit = 256

    /// How often a start that another process's lock forbids is tried again, ten seconds each.
    private static let busyTries = 6

    init(
        pool: DatabasePool,
        connections: ConnectionTable,
        clock: Clock,
        noteCommit: @escaping @Sendable () -> Void
    ) {
        self.pool = pool
        self.connections = connections
        self.clock = clock
        self.noteCommit = noteCommit
        thread = NIOThreadPool(numberOfThreads: 1)
        thread.start()
    }

    func run<T: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> T) async throws -> T {
        try await withUnsafeThrowingContinuation { continuation in
            let job = WriteJob(body: body, continuation: continuation)
            let mustStart = queue.withLock { queue in
                queue.waiting.append(job)
                defer { queue.isDraining = true }
                return !queue.isDraining
            }
            if mustStart {
                thread.submit { state in
                    if case .active = state { self.drain() } else { self.refuseAll() }
                }
            }
        }
    }

    /// Lets the commits under way end and takes no more.
    func stop() async {
        try? await thread.shutdownGracefully()
    }

    private func drain() {
        while let group = nextGroup() {
            pool.writeWithoutTransaction { database in
                commit(group, on: connections.connection(of: database))
            }
        }
        noteCommit()
    }

    private func nextGroup() -> [any Job]? {
        queue.withLock { queue in
            guard !queue.waiting.isEmpty else {
                queue.isDraining = false
                return nil
            }
            let group = Array(queue.waiting.prefix(Self.groupLimit))
            queue.waiting.removeFirst(group.count)
            return group
        }
    }

    private func refuseAll() {
        while let group = nextGroup() {
            for job in group { job.fail(Failure.unavailable("The server is stopping.")) }
        }
    }

    /// Runs a group in one transaction and answers each of its jobs.
    private func commit(_ group: [any Job], on connection: SQLiteConnection) {
        connection.nowMs = clock.nowMs()
        do {
            try begin(on: connection)
        } catch {
            for job in group { job.fail(error) }
            return
        }
        var done: [(job: any Job, hooks: [@Sendable () -> Void])] = []
        for (index, job) in group.enumerated() {
            do {
                try runGuarded(job, isAlone: group.count == 1, on: connection)
                done.append((job, connection.takeHooks()))
            } catch {
                _ = connection.takeHooks()
                job.fail(error)
                guard connection.isInTransaction else {
                    // SQLite rolled back all of the group by itself (a full disk): the others try again, each alone.
                    for other in done.map(\.job) + group[(index + 1)...] { commit([other], on: connection) }
                    return
                }
            }
        }
        do {
            try connection.run("COMMIT")
        } catch {
            if connection.isInTransaction { rollBack(connection) }
            for (job, _) in done { job.fail(error) }
            return
        }
        for (job, hooks) in done {
            for hook in hooks { hook() }
            job.succeed()
        }
    }

    private func begin(on connection: SQLiteConnection) throws {
        for attempt in 1... {
            do {
                return try connection.run("BEGIN IMMEDIATE")
            } catch let error as DatabaseError where error.kind == .retry {
                guard attempt < Self.busyTries else {
                    throw Failure.unavailable("Another process keeps the database locked.", cause: error)
                }
            }
        }
    }

    private func runGuarded(_ job: any Job, isAlone: Bool, on connection: SQLiteConnection) throws {
        if !isAlone { try connection.run("SAVEPOINT job") }
        do {
            try job.run(on: connection)
            if !isAlone { try connection.run("RELEASE job") }
        } catch {
            if connection.isInTransaction {
                if isAlone {
                    rollBack(connection)
                } else {
                    try connection.run("ROLLBACK TO job")
                    try connection.run("RELEASE job")
                }
            }
            throw error
        }
    }

    private func rollBack(_ connection: SQLiteConnection) {
        do {
            try connection.run("ROLLBACK")
        } catch {
            preconditionFailure("a transaction cannot be rolled back: \(error)")
        }
    }
}

/// A write that waits for its turn.
private protocol Job: Sendable {
    func run(on connection: SQLiteConnection) throws
    func succeed()
    func fail(_ error: any Error)
}

private final class WriteJob<T: Sendable>: Job {
    private let body: @Sendable (any Connection) throws -> T
    private let continuation: UnsafeContinuation<T, any Error>
    private let result = Mutex<T?>(nil)

    init(
        body: @escaping @Sendable (any Connection) throws -> T,
        continuation: UnsafeContinuation<T, any Error>
    ) {
        self.body = body
        self.continuation = continuation
    }

    func run(on connection: SQLiteConnection) throws {
        let value = try body(connection)
        result.withLock { $0 = value }
    }

    func succeed() {
        guard let value = result.withLock({ $0 }) else {
            preconditionFailure("a job succeeded without running")
        }
        continuation.resume(returning: value)
    }

    func fail(_ error: any Error) {
        continuation.resume(throwing: error)
    }
}
