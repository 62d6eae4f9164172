package import Core
import Database
import Events

extension RepositoryStore {
    /// Deletes a repository: nobody sees it any more, and its owner can take it back until it is purged.
    ///
    /// Nothing of it is sent elsewhere from then on.
    ///
    /// - Parameter workspace: The repository, whose name stays taken for so long.
    /// - Throws: `Refusal` where somebody may not.
    package func delete(_ workspace: WorkspaceID) async throws {
        try await database.write { connection in
            let place = try placeOfOwner(workspace, in: connection)
            try connection.execute(
                """
                UPDATE repositories
                SET deleted_ms = \(connection.nowMs), updated_ms = \(connection.nowMs)
                WHERE workspace_id = \(workspace.key)
                """
            )
            try accounts.silence(identity.caller(in: workspace), connection)
            try note(.repositoryDeleted, place, ["name": .string(place.fullName)], connection)
        }
    }

    /// The deleted repositories that who asks can take back, the last deleted first.
    ///
    /// - Parameter page: Which part of the list.
    /// - Returns: At most `page.limit` of them.
    /// - Throws: `Failure` for somebody without an account.
    package func deleted(_ page: PageRequest) async throws -> ListPage<Repository> {
        let condition = Self.isDeleted(for: try identity.ownAccount(), isServerAdmin: identity.isServerAdmin)
        return try await database.read { connection in
            let keys = try connection.rows(
                """
                SELECT r.workspace_id
                FROM repositories r
                WHERE \(condition)
                ORDER BY r.deleted_ms DESC, r.workspace_id DESC
                LIMIT \(page.limit) OFFSET \(page.offset)
                """
            ) { $0.int(0) }
            let total = try connection.first("SELECT COUNT(*) FROM repositories r WHERE \(condition)") {
                Int($0.int(0))
            }
            let reader = RepositoryReader(connection: connection, identity: identity)
            return ListPage(try reader.repositories(keys), total: total ?? 0)
        }
    }

    /// Takes a deleted repository back.
    ///
    /// - Parameter workspace: The repository.
    /// - Throws: `Refusal.nothingHere` where there is none that who asks can take back.
    package func restore(_ workspace: WorkspaceID) async throws {
        let condition = Self.isDeleted(for: try identity.ownAccount(), isServerAdmin: identity.isServerAdmin)
        try await database.write { connection in
            // Of a row that a purge has held until now, PostgreSQL looks again at the outer condition alone.
            let count = try connection.execute(
                """
                UPDATE repositories
                SET deleted_ms = NULL, updated_ms = \(connection.nowMs)
                WHERE workspace_id IN (
                    SELECT r.workspace_id FROM repositories r WHERE r.workspace_id = \(workspace.key) AND \(condition)
                )
                    AND deleted_ms IS NOT NULL AND purged_ms IS NULL
                """
            )
            guard count == 1 else { throw Self.absent }
            let place = try self.place(workspace, needing: .admin, in: connection)
            try note(.repositoryRestored, place, ["name": .string(place.fullName)], connection)
        }
    }

    /// Ends a deleted repository before its time: nobody takes it back from now on, and the next purge removes it.
    ///
    /// - Parameter workspace: The repository, whose name is free when it is removed.
    /// - Throws: `Refusal.nothingHere` where there is none that who asks could take back.
    package func end(_ workspace: WorkspaceID) async throws {
        let condition = Self.isDeleted(for: try identity.ownAccount(), isServerAdmin: identity.isServerAdmin)
        try await database.write { connection in
            // As for one that is restored: the other of the two that come at once finds nothing.
            let count = try connection.execute(
                """
                UPDATE repositories
                SET purged_ms = \(connection.nowMs), updated_ms = \(connection.nowMs)
                WHERE workspace_id IN (
                    SELECT r.workspace_id FROM repositories r WHERE r.workspace_id = \(workspace.key) AND \(condition)
                )
                    AND deleted_ms IS NOT NULL AND purged_ms IS NULL
                """
            )
            guard count == 1 else { throw Self.absent }
            let name = try connection.first(
                """
                SELECT o.login, r.name
                FROM repositories r
                JOIN accounts o ON o.account_id = r.owner_id
                WHERE r.workspace_id = \(workspace.key)
                """
            ) { "\($0.text(0))/\($0.text(1))" }
            // Its own log goes with it, and who ended it is to be known afterwards.
            try EventLog.append(
                .repositoryDeleted,
                to: "repository/\(workspace.key)",
                details: (["name": .string(name ?? ""), "for_good": .boolean(true)] as JSON).text,
                by: identity.caller(in: .server),
                in: connection
            )
        }
    }

    /// Whether the row `r` can be taken back: as for all else that changes a repository, by whoever administers it.
    private static func isDeleted(for account: AccountID, isServerAdmin: Bool) -> SQL {
        let isOwn: SQL =
            """
            (r.owner_id = \(account.key)
                OR EXISTS (
                    SELECT 1 FROM organization_members x
                    WHERE x.organization_id = r.owner_id AND x.account_id = \(account.key) AND x.role = 'admin'
                ))
            """
        let mayRestore: SQL = isServerAdmin ? "r.owner_id IS NOT NULL" : isOwn
        return "r.deleted_ms IS NOT NULL AND r.purged_ms IS NULL AND \(mayRestore)"
    }
}
