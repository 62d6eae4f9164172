internal import GRDB
internal import NIOPosix

package import Core

/// An SQLite file of another program, opened so that nothing in it can change.
package final class ForeignSQLite: ReadableDatabase {
    private let queue: DatabaseQueue
    private let connections = ConnectionTable()
    private let thread = NIOThreadPool(numberOfThreads: 1)
    private let clock: Clock

    package var dialect: Dialect { .sqlite }

    /// Opens a file that exists.
    ///
    /// - Parameters:
    ///   - path: The file; whoever owns it may go on writing.
    ///   - clock: Where transactions take their time from.
    /// - Throws: `DatabaseError` where the file is missing or is no SQLite database.
    package init(path: String, clock: Clock = .system) throws {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(10)
        do {
            queue = try DatabaseQueue(path: path, configuration: configuration)
            try queue.read { try $0.execute(sql: "SELECT count(*) FROM sqlite_master") }
        } catch let error as GRDB.DatabaseError {
            throw DatabaseError(
                kind: .other,
                message: "cannot open \(path): \(error.message ?? "")",
                statement: nil
            )
        }
        self.clock = clock
        thread.start()
    }

    package func read<T: Sendable>(
        _ body: @escaping @Sendable (any Connection) throws -> T
    ) async throws -> T {
        let now = clock.nowMs()
        return try await thread.runIfActive { [queue, connections] in
            try queue.read { database in
                let connection = connections.connection(of: database)
                connection.nowMs = now
                defer { _ = connection.takeHooks() }
                return try body(connection)
            }
        }
    }

    package func close() async throws {
        try await thread.shutdownGracefully()
        connections.finalizeAll()
        try queue.close()
    }
}
