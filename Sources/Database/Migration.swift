import Core

/// One named step of the schema; it runs once, in a transaction, and is never edited after a release.
package struct Migration: Sendable {
    package let name: String
    private let sqlite: [SQL]
    private let postgres: [SQL]

    package init(_ name: String, _ statements: SQL...) {
        self.init(name, sqlite: statements, postgres: statements)
    }

    /// - Parameters:
    ///   - name: Its name.
    ///   - sqlite: What SQLite is told.
    ///   - postgres: What PostgreSQL is told, where no term of `Dialect` makes the two one.
    package init(_ name: String, sqlite: [SQL], postgres: [SQL]) {
        self.name = name
        self.sqlite = sqlite
        self.postgres = postgres
    }

    fileprivate func statements(for dialect: Dialect) -> [SQL] { dialect == .sqlite ? sqlite : postgres }
}

extension Database {
    /// Brings the schema to what this program knows.
    ///
    /// Several servers may start on one database at the same time: one migrates, the others wait.
    ///
    /// - Parameter migrations: All of them, in the order of their rooms and of their names.
    /// - Throws: `Failure.invalidState` where a newer program has been here.
    package func migrate(_ migrations: [Migration]) async throws {
        let known = Set(migrations.map(\.name))
        precondition(known.count == migrations.count, "two migrations share a name")
        let pending = try await write { connection in
            try connection.lockMigrations()
            try connection.execute(
                """
                CREATE TABLE IF NOT EXISTS migrations (
                    name \(.text) NOT NULL PRIMARY KEY,
                    applied_ms BIGINT NOT NULL
                )
                """
            )
            let applied = try connection.rows("SELECT name FROM migrations ORDER BY name") { $0.text(0) }
            if let stranger = applied.first(where: { !known.contains($0) }) {
                throw Failure(
                    .invalidState,
                    "The database was written by a newer version of Roost: this one does not know its migration '\(stranger)'."
                )
            }
            guard applied.isEmpty else { return migrations.filter { !applied.contains($0.name) } }
            // A new database is made at once: forty commits would take longer than all the rest of a start.
            for migration in migrations { try migration.apply(in: connection) }
            return []
        }
        for migration in pending {
            try await write { connection in
                try connection.lockMigrations()
                let isApplied =
                    try connection.first("SELECT 1 FROM migrations WHERE name = \(migration.name)") { _ in
                        true
                    }
                    ?? false
                if !isApplied { try migration.apply(in: connection) }
            }
        }
    }
}

extension ReadableDatabase {
    /// Whether the schema has ever been brought here, by whatever version.
    package func isMigrated() async throws -> Bool {
        try await read { connection in
            let tables: SQL =
                switch connection.dialect {
                case .sqlite: "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'migrations'"
                case .postgres:
                    """
                    SELECT 1 FROM information_schema.tables
                    WHERE table_schema = ANY (current_schemas(false)) AND table_name = 'migrations'
                    """
                }
            return try connection.first(tables) { _ in true } ?? false
        }
    }

    /// Whether all of these migrations have been applied.
    package func isCurrent(_ migrations: [Migration]) async throws -> Bool {
        guard try await isMigrated() else { return false }
        let applied = try await read { try $0.rows("SELECT name FROM migrations") { $0.text(0) } }
        return Set(migrations.map(\.name)).isSubset(of: applied)
    }
}

extension Connection {
    /// Waits for another server that migrates, which may take minutes, and for all who use what is to be changed.
    fileprivate func lockMigrations() throws {
        if let statement = dialect.waitingForLocks { try execute(statement) }
        try lock("migrations")
    }
}

extension Migration {
    fileprivate func apply(in connection: any Connection) throws {
        for statement in statements(for: connection.dialect) { try connection.execute(statement) }
        try connection.execute(
            "INSERT INTO migrations (name, applied_ms) VALUES (\(name), \(connection.nowMs))"
        )
    }
}
