import Core
import Database

/// The views that somebody sees in a workspace: their own, and those that are shared in it.
package struct SavedViewStore: Sendable {
    /// As many views one owner has in a workspace.
    package static let most = 200

    let database: any Database
    let caller: Caller
    /// Whether the caller may change what is shared.
    let mayShare: Bool

    /// The views of a page by their names, the caller's own first.
    package func list(of kind: ViewKind) async throws -> [SavedView] {
        try await database.glance { connection in
            try connection.rows(
                """
                SELECT view_id, name, query, account_id, is_default FROM saved_views
                WHERE workspace_id = \(caller.workspace.key) AND kind = \(kind.text)
                    AND (account_id IS NULL OR account_id = \(caller.account?.key ?? -1))
                ORDER BY CASE WHEN account_id IS NULL THEN 1 ELSE 0 END, lower(name), name
                """
            ) {
                SavedView(
                    id: $0.int(0),
                    name: $0.text(1),
                    query: $0.text(2),
                    isShared: $0.isNull(3),
                    isDefault: $0.bool(4)
                )
            }
        }
    }

    /// The view that a page begins with: the caller's own choice, else that of the workspace; nil for none.
    package func standard(of kind: ViewKind) async throws -> SavedView? {
        try await list(of: kind).first(where: \.isDefault)
    }

    /// Keeps a view.
    ///
    /// - Parameters:
    ///   - new: What it is made of.
    ///   - kind: The page.
    ///   - isShared: Whether everybody of the workspace has it.
    /// - Returns: Its number.
    /// - Throws: `Failure.alreadyExists` where the owner has one of this name, `.invalid` beyond the most that one owner may
    ///   have; `Refusal` where the caller may not.
    package func create(_ new: NewSavedView, of kind: ViewKind, isShared: Bool) async throws -> Int64 {
        let owner = try owner(isShared: isShared)
        return try await database.write { connection in
            let count = try connection.first(
                """
                SELECT COUNT(*) FROM saved_views
                WHERE workspace_id = \(caller.workspace.key) AND account_id IS NOT DISTINCT FROM \(owner)
                """
            ) { $0.int(0) }
            guard (count ?? 0) < Self.most else {
                throw Failure.invalid("\(Self.most) views are saved already; delete one first.")
            }
            return try unique(new.name) {
                let id = try connection.first(
                    """
                    INSERT INTO saved_views
                        (workspace_id, account_id, kind, name, query, is_default, created_ms, updated_ms)
                    VALUES (\(caller.workspace.key), \(owner), \(kind.text), \(new.name), \(new.query), \(false),
                        \(connection.nowMs), \(connection.nowMs))
                    RETURNING view_id
                    """
                ) { $0.int(0) }
                guard let id else { preconditionFailure("an inserted view has no key") }
                return id
            }
        }
    }

    /// Gives a view another name and other words.
    ///
    /// - Throws: As `create`, and `Failure.missing`.
    package func change(_ id: Int64, to new: NewSavedView) async throws {
        try await database.write { connection in
            _ = try found(id, in: connection)
            _ = try unique(new.name) {
                try connection.execute(
                    """
                    UPDATE saved_views SET name = \(new.name), query = \(new.query), updated_ms = \(connection.nowMs)
                    WHERE view_id = \(id)
                    """
                )
            }
        }
    }

    /// Makes a view the one that its page begins with, or no longer; its owner has one such view of a page.
    ///
    /// - Throws: `Failure.missing`; `Refusal` where the caller may not.
    package func setDefault(_ id: Int64, _ isDefault: Bool) async throws {
        try await database.write { connection in
            let (owner, kind) = try found(id, in: connection)
            try connection.execute(
                """
                UPDATE saved_views SET is_default = \(false)
                WHERE workspace_id = \(caller.workspace.key) AND account_id IS NOT DISTINCT FROM \(owner)
                    AND kind = \(kind)
                """
            )
            guard isDefault else { return }
            try connection.execute("UPDATE saved_views SET is_default = \(true) WHERE view_id = \(id)")
        }
    }

    /// - Throws: `Failure.missing`; `Refusal` where the caller may not.
    package func delete(_ id: Int64) async throws {
        try await database.write { connection in
            _ = try found(id, in: connection)
            try connection.execute("DELETE FROM saved_views WHERE view_id = \(id)")
        }
    }

    /// Security: what belongs to another person is not there, and what is shared is changed by who may write.
    private func found(_ id: Int64, in connection: any Connection) throws -> (owner: Int64?, kind: String) {
        let found = try connection.first(
            """
            SELECT account_id, kind FROM saved_views
            WHERE view_id = \(id) AND workspace_id = \(caller.workspace.key)
                AND (account_id IS NULL OR account_id = \(caller.account?.key ?? -1)) \(.forUpdate)
            """
        ) { (owner: $0.optionalInt(0), kind: $0.text(1)) }
        guard let found else { throw Failure.missing("There is no view with the number \(id).") }
        _ = try owner(isShared: found.owner == nil)
        return found
    }

    private func owner(isShared: Bool) throws -> Int64? {
        if isShared {
            guard mayShare else { throw Refusal.mayNot("This needs the right to write.") }
            return nil
        }
        guard let account = caller.account else { throw Refusal.signIn }
        return account.key
    }

    private func unique<T>(_ name: String, _ write: () throws -> T) throws -> T {
        do {
            return try write()
        } catch let error as DatabaseError where error.kind == .uniqueViolation {
            throw Failure(.alreadyExists, "There is a view named '\(name)' already.")
        }
    }
}
