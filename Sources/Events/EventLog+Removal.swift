package import Core
package import Database

extension EventLog {
    /// Removes events of a workspace that is no more, but for the newest event that there is.
    ///
    /// SQLite gives the number after the greatest that is left, and whoever follows the log must not see one twice.
    ///
    /// - Parameters:
    ///   - workspace: The workspace.
    ///   - limit: How many at the most.
    ///   - connection: The transaction.
    /// - Returns: How many they were.
    /// - Throws: `DatabaseError` where the database fails.
    package static func remove(
        of workspace: WorkspaceID,
        limit: Int,
        in connection: any Connection
    ) throws -> Int {
        try connection.execute(
            """
            DELETE FROM events WHERE event_id IN (
                SELECT event_id FROM events
                WHERE workspace_id = \(workspace.key) AND event_id < (SELECT MAX(event_id) FROM events)
                LIMIT \(limit)
            )
            """
        )
    }
}
