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
    /// So many of the last events are looked at for whether something happened.
    private static let pulsedEvents: Int64 = 256

    /// What is another one once something happened: in some workspaces, or by somebody in any.
    ///
    /// It may also be another one where nothing did; a count sees events that become visible late.
    ///
    /// - Parameters:
    ///   - workspaces: Where; each is one that who asks may read.
    ///   - actor: Who asks.
    ///   - connection: The transaction to read in.
    /// - Returns: The last of these events, and how many of the last 256 of the server are such.
    /// - Throws: `DatabaseError` where the database fails.
    package static func pulse(
        in workspaces: [WorkspaceID],
        orBy actor: String,
        in connection: any Connection
    ) throws -> (last: Int64, count: Int64) {
        let found = try connection.first(
            """
            SELECT COALESCE(MAX(event_id), 0), COUNT(*) FROM events
            WHERE event_id > (SELECT COALESCE(MAX(event_id), 0) FROM events) - \(pulsedEvents)
                AND (+workspace_id \(anyOf: workspaces.map(\.key)) OR actor = \(actor))
            """
        ) { (last: $0.int(0), count: $0.int(1)) }
        return found ?? (0, 0)
    }
}
