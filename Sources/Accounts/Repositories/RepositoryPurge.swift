package import Core
import Database
import Events

extension Accounts {
    /// Removes for good what was deleted long enough ago.
    package var purge: RepositoryPurge { RepositoryPurge(database: database) }
}

/// The end of deleted repositories: their content goes, then their name is free.
///
/// It may be ended at any moment and finds its work again: what is marked as purged is gone for everybody, and keeps
/// its name until nothing of it is left.
package struct RepositoryPurge: Sendable {
    let database: any Database

    /// Purges what was deleted before a time.
    ///
    /// - Parameters:
    ///   - beforeMs: The time.
    ///   - clear: Removes what other rooms keep for a workspace; may be asked again for one that is half gone.
    /// - Returns: How many were purged by this call, and not by another at the same time.
    /// - Throws: What `clear` threw first; the others are purged all the same.
    package func run(
        deletedBefore beforeMs: Int64,
        clear: (WorkspaceID) async throws -> Void
    ) async throws -> Int {
        let keys = try await mark(deletedBefore: beforeMs)
        var count = 0
        var failure: (any Error)?
        for key in keys {
            do {
                try await clear(WorkspaceID(key: key))
                while try await forgetEvents(of: key) == Self.eventLimit {}
                if try await finish(key) { count += 1 }
            } catch let error as CancellationError {
                throw error
            } catch {
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
        return count
    }

    /// How many repositories were deleted before a time, or are purged already in part.
    package func count(deletedBefore beforeMs: Int64) async throws -> Int {
        try await database.read { connection in
            try connection.first(
                """
                SELECT COUNT(*) FROM repositories
                WHERE name_key IS NOT NULL AND (deleted_ms < \(beforeMs) OR purged_ms IS NOT NULL)
                """
            ) { Int($0.int(0)) } ?? 0
        }
    }

    private static let eventLimit = 5_000

    private func forgetEvents(of key: Int64) async throws -> Int {
        try await database.write { connection in
            try EventLog.remove(of: WorkspaceID(key: key), limit: Self.eventLimit, in: connection)
        }
    }

    /// From here on nobody takes them back.
    private func mark(deletedBefore beforeMs: Int64) async throws -> [Int64] {
        try await database.write { connection in
            try connection.execute(
                """
                UPDATE repositories SET purged_ms = \(connection.nowMs)
                WHERE deleted_ms IS NOT NULL AND deleted_ms < \(beforeMs) AND purged_ms IS NULL
                """
            )
            return try connection.rows(
                """
                SELECT workspace_id FROM repositories
                WHERE purged_ms IS NOT NULL AND name_key IS NOT NULL
                ORDER BY workspace_id
                """
            ) { $0.int(0) }
        }
    }

    private static let tablesOfRepositories: [SQL] = [
        "former_addresses", "collaborators", "team_repositories", "stars", "watches", "repository_topics",
        "lfs_passes", "ssh_keys", "tokens", "saved_views", "object_roles",
    ]

    /// - Returns: False where another has done so.
    private func finish(_ key: Int64) async throws -> Bool {
        try await database.write { connection in
            let name = try connection.first(
                """
                SELECT o.login, r.name
                FROM repositories r
                JOIN accounts o ON o.account_id = r.owner_id
                WHERE r.workspace_id = \(key)
                """
            ) { "\($0.text(0))/\($0.text(1))" }
            // Security: its copies are copies of what it was a copy of, which may be private.
            try connection.execute(
                """
                UPDATE repositories
                SET forked_from = (SELECT p.forked_from FROM repositories p WHERE p.workspace_id = \(key))
                WHERE forked_from = \(key)
                """
            )
            let isOurs =
                try connection.execute(
                    """
                    UPDATE repositories
                    SET owner_id = NULL, name = '', name_key = NULL, description = '', website = '', visibility = 'private',
                        forked_from = NULL
                    WHERE workspace_id = \(key) AND name_key IS NOT NULL
                    """
                ) == 1
            guard isOurs, let name else { return false }
            for table in Self.tablesOfRepositories {
                try connection.execute("DELETE FROM \(table) WHERE workspace_id = \(key)")
            }
            try EventLog.append(
                .repositoryPurged,
                to: "repository/\(key)",
                details: (["name": .string(name)] as JSON).text,
                by: Caller(name: "roost", workspace: .server),
                in: connection
            )
            // What could not go before something newer had happened, which has now.
            _ = try EventLog.remove(of: WorkspaceID(key: key), limit: Self.eventLimit, in: connection)
            return true
        }
    }
}
