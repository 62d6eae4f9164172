package import Core
package import Database

extension EventLog {
    /// So far back is looked for what happened lately, so that a look costs the same however long the log is.
    private static let recentEvents: Int64 = 20_000

    /// What happened lately in several workspaces, newest first.
    ///
    /// - Parameters:
    ///   - kinds: What happened.
    ///   - workspaces: Where; each is one that who asks may read.
    ///   - limit: How many at the most.
    ///   - connection: The transaction to read in.
    /// - Returns: Those among the last 20,000 events of the server.
    /// - Throws: `DatabaseError` where the database fails.
    package static func recent(
        _ kinds: [Event.Kind],
        in workspaces: [WorkspaceID],
        limit: Int,
        in connection: any Connection
    ) throws -> [(workspace: WorkspaceID, event: Event)] {
        // The plus keeps the database from the index of subjects, which would read all of a workspace.
        try connection.rows(
            """
            SELECT event_id, at_ms, actor, kind, subject, details, workspace_id
            FROM events
            WHERE event_id > (SELECT COALESCE(MAX(event_id), 0) FROM events) - \(recentEvents)
                AND +workspace_id \(anyOf: workspaces.map(\.key))
                AND kind \(anyOf: kinds.map(\.rawValue))
            ORDER BY event_id DESC
            LIMIT \(limit)
            """
        ) { (WorkspaceID(key: $0.int(6)), try event($0)) }
    }
}
