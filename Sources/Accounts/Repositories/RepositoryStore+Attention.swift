package import Core
import Database

/// How somebody shows that they care for a repository.
package enum Attention: Sendable, Hashable, CaseIterable {
    case star
    case watch

    fileprivate var table: SQL { self == .star ? "stars" : "watches" }
}

extension RepositoryStore {
    /// - Parameters:
    ///   - attention: Which of the two.
    ///   - workspace: A repository.
    /// - Returns: Whether who asks gives it.
    /// - Throws: `Failure.unauthenticated` for nobody; `Refusal.nothingHere` for what they do not see.
    package func gives(_ attention: Attention, to workspace: WorkspaceID) async throws -> Bool {
        guard let account = identity.account else {
            throw Failure(.unauthenticated, "Sign in: this needs an account.")
        }
        return try await database.read { connection in
            _ = try place(workspace, needing: .read, in: connection)
            return try connection.first(
                """
                SELECT 1 FROM \(attention.table)
                WHERE workspace_id = \(workspace.key) AND account_id = \(account.key)
                """
            ) { _ in true } ?? false
        }
    }

    /// Gives a repository a star, or watches it; once is as often.
    ///
    /// - Parameters:
    ///   - attention: Which of the two.
    ///   - workspace: The repository.
    /// - Throws: `Failure` for a token that does not reach the account; `Refusal.nothingHere` for what it does not see.
    package func give(_ attention: Attention, to workspace: WorkspaceID) async throws {
        let account = try identity.ownAccount(needing: .write)
        try await database.write { connection in
            _ = try place(workspace, needing: .read, in: connection)
            switch attention {
            case .star:
                try connection.execute(
                    """
                    INSERT INTO stars (workspace_id, account_id, starred_ms)
                    VALUES (\(workspace.key), \(account.key), \(connection.nowMs))
                    ON CONFLICT (workspace_id, account_id) DO NOTHING
                    """
                )
            case .watch:
                try connection.execute(
                    """
                    INSERT INTO watches (workspace_id, account_id)
                    VALUES (\(workspace.key), \(account.key))
                    ON CONFLICT (workspace_id, account_id) DO NOTHING
                    """
                )
            }
        }
    }

    /// Takes a star back, or no longer watches.
    ///
    /// - Parameters:
    ///   - attention: Which of the two.
    ///   - workspace: The repository.
    /// - Throws: `Failure` for a token that does not reach the account; `Refusal.nothingHere` for what it does not see.
    package func withdraw(_ attention: Attention, from workspace: WorkspaceID) async throws {
        let account = try identity.ownAccount(needing: .write)
        try await database.write { connection in
            _ = try place(workspace, needing: .read, in: connection)
            try connection.execute(
                """
                DELETE FROM \(attention.table)
                WHERE workspace_id = \(workspace.key) AND account_id = \(account.key)
                """
            )
        }
    }

    /// - Parameters:
    ///   - attention: Which of the two.
    ///   - workspace: A repository.
    ///   - page: Which part of the list.
    /// - Returns: Who gives it, by their names.
    /// - Throws: `Refusal.nothingHere` for what who asks does not see.
    package func givers(
        of attention: Attention,
        to workspace: WorkspaceID,
        _ page: PageRequest
    ) async throws -> ListPage<Profile> {
        try await database.read { connection in
            _ = try place(workspace, needing: .read, in: connection)
            let givers = try connection.rows(
                """
                SELECT \(Profile.columns)
                FROM \(attention.table) x
                JOIN accounts a ON a.account_id = x.account_id
                WHERE x.workspace_id = \(workspace.key)
                ORDER BY a.login_key
                LIMIT \(page.limit) OFFSET \(page.offset)
                """
            ) { Profile($0, for: identity) }
            let total = try connection.first(
                "SELECT COUNT(*) FROM \(attention.table) WHERE workspace_id = \(workspace.key)"
            ) { Int($0.int(0)) }
            return ListPage(givers, total: total ?? 0)
        }
    }
}
