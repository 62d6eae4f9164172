import Core
package import Database

extension EventLog {
    /// What the audit shows of all workspaces, newest first; for who looks after the server.
    ///
    /// - Parameters:
    ///   - search: Which events; those that the audit does not show are left out.
    ///   - limit: How many at the most.
    ///   - connection: The transaction to read in.
    /// - Returns: At most `limit` events.
    /// - Throws: `DatabaseError` where the database fails.
    package static func audited(
        _ search: EventSearch,
        limit: Int,
        in connection: any Connection
    ) throws -> [FollowedEvent] {
        try connection.rows(auditQuery(search, limit: limit)) {
            FollowedEvent(workspace: WorkspaceID(key: $0.int(6)), event: try event($0))
        }
    }

    /// It reads the index of what is audited backwards, however long the log is.
    static func auditQuery(_ search: EventSearch, limit: Int) -> SQL {
        """
        SELECT event_id, at_ms, actor, kind, subject, details, workspace_id
        FROM events
        WHERE is_audited AND \(search.condition)
        ORDER BY event_id DESC
        LIMIT \(limit)
        """
    }
}
