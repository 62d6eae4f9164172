import Core
import Database
package import Events

/// An event of the audit, and where it happened.
package struct AuditedEvent: Sendable, Hashable {
    package let event: Event
    /// `owner/name` of the repository, also of a deleted one, or `default`; nil for what concerns the whole server, and for
    /// a repository that was purged.
    package let repository: String?
}

extension Accounts {
    /// What the audit shows of the server and of all repositories, the newest first; for who looks after the server, which
    /// the surface has checked.
    ///
    /// - Parameters:
    ///   - search: Which events.
    ///   - limit: How many at the most.
    /// - Returns: At most `limit` events.
    /// - Throws: `DatabaseError` where the database fails.
    package func audit(_ search: EventSearch, limit: Int) async throws -> [AuditedEvent] {
        try await database.read { connection in
            let found = try EventLog.audited(search, limit: limit, in: connection)
            let names = try Self.names(of: Set(found.map(\.workspace)), in: connection)
            return found.map { AuditedEvent(event: $0.event, repository: names[$0.workspace]) }
        }
    }

    /// What workspaces are called now; deleted repositories keep their names until they are purged.
    private static func names(
        of workspaces: Set<WorkspaceID>,
        in connection: any Connection
    ) throws -> [WorkspaceID: String] {
        let named = try connection.rows(
            """
            SELECT r.workspace_id, o.login, r.name
            FROM repositories r
            JOIN accounts o ON o.account_id = r.owner_id
            WHERE r.workspace_id \(anyOf: workspaces.map(\.key))
            """
        ) { (WorkspaceID(key: $0.int(0)), "\($0.text(1))/\($0.text(2))") }
        return Dictionary(uniqueKeysWithValues: named + [(WorkspaceID.standard, WorkspaceName.standard)])
    }
}
