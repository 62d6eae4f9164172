internal import GRDB
import Glibc
internal import NIOPosix
import Synchronization

package import Core

/// An SQLite file: readers on snapshots beside one writer that commits for many.
///
/// The journal is a write-ahead log with `synchronous=FULL`: an acknowledged write survives a power cut.
package final class SQLiteDatabase: Database {
    private let pool: DatabasePool
    private let connections = ConnectionTable()
    private let readers: SQLiteReaders
    private let writer: GroupCommit
    private let checkpoints: Checkpoints

    package var dialect: Dialect { .sqlite }

    /// Opens the file and makes it where it is missing.
    ///
    /// - Parameters:
    ///   - path: The file; its `-wal` and `-shm` lie beside it.
    ///   - readerCount: How many reads run at the same time.
    ///   - clock: Where transactions take their time from.
    /// - Throws: `DatabaseError` where the file cannot be opened or is no SQLite database; it names the one of the three
    ///   that cannot be written.
    package init(path: String, readerCount: Int = 4, clock: Clock = .system) throws {
        try Self.checkWritable(path)
        Self.makeFile(path)
        var configuration = Configuration()
        configuration.busyMode = .timeout(10)
        configuration.foreignKeysEnabled = true
        configuration.prepareDatabase { database in
            try database.execute(
                sql: """
                    PRAGMA case_sensitive_like = ON;
                    PRAGMA temp_store = MEMORY;
                    PRAGMA cache_size = -24000;
                    PRAGMA wal_autocheckpoint = 4000;
                    """
            )
        }
        do {
            pool = try DatabasePool(path: path, configuration: configuration)
            // GRDB turns the writer to NORMAL when it sets up the write-ahead log, after all other preparation.
            try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
        } catch let error as GRDB.DatabaseError {
            throw DatabaseError(
                kind: .other,
                message: "cannot open \(path): \(error.message ?? "")",
                statement: nil
            )
        }
        readers = SQLiteReaders(path: path, threadCount: readerCount, clock: clock)
        let checkpoints = readers.checkpoints()
        self.checkpoints = checkpoints
        writer = GroupCommit(pool: pool, connections: connections, clock: clock) { checkpoints.noteCommit() }
    }

    /// Refuses files that are there and cannot be written, before SQLite makes one with the rights of another beside it.
    ///
    /// SQLite itself blames the database for all three, and what it has made then stands in the way of the next start.
    private static func checkWritable(_ path: String) throws {
        let resolved = realpath(path, nil)
        defer { free(resolved) }
        let file = resolved.map { String(cString: $0) } ?? path
        for name in [file, file + "-wal", file + "-shm"] where access(name, F_OK) == 0 {
            guard access(name, W_OK) != 0 else { continue }
            let reason = String(cString: strerror(errno))
            throw DatabaseError(
                kind: .other,
                message: "\(name) cannot be written by this user (\(reason))",
                statement: nil
            )
        }
    }

    /// Makes the file where it is missing, for this user alone; SQLite gives what lies beside it the mode of the file.
    ///
    /// Security: the folder may be one that others can enter, and passwords and tokens are in the file, if only as hashes.
    private static func makeFile(_ path: String) {
        // Where it cannot be made, whoever opens it says why.
        let file = Glibc.open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        if file >= 0 { _ = Glibc.close(file) }
    }

    package func write<T: Sendable>(
        _ body: @escaping @Sendable (any Connection) throws -> T
    ) async throws -> T {
        try await writer.run(body)
    }

    package func read<T: Sendable>(
        _ body: @escaping @Sendable (any Connection) throws -> T
    ) async throws -> T {
        try await readers.read(body)
    }

    package func glance<T: Sendable>(
        as mark: String?,
        _ body: @escaping @Sendable (any Connection) throws -> T
    ) async throws -> T {
        try await readers.glance(as: mark, body)
    }

    package func close() async throws {
        await writer.stop()
        checkpoints.close()
        try await readers.close()
        connections.finalizeAll()
        try pool.close()
    }
}

/// Which of our connections stands over which of GRDB's.
final class ConnectionTable: Sendable {
    private let table = Mutex<[UInt: Box]>([:])

    /// A connection is only used by the thread to which GRDB lends its own.
    private struct Box: @unchecked Sendable {
        let connection: SQLiteConnection
    }

    func connection(of database: GRDB.Database) -> SQLiteConnection {
        guard let handle = database.sqliteConnection else {
            preconditionFailure("a closed connection was lent")
        }
        let key = UInt(bitPattern: handle)
        if let box = table.withLock({ $0[key] }) { return box.connection }
        let box = Box(connection: SQLiteConnection(handle: handle))
        table.withLock { $0[key] = box }
        return box.connection
    }

    func finalizeAll() {
        table.withLock { table in
            for box in table.values { box.connection.finalize() }
            table = [:]
        }
    }
}
