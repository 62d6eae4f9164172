package import Core
package import Database

extension Accounts {
    /// Whether a repository is only read.
    package static func isArchived(_ workspace: WorkspaceID, in connection: any Connection) throws -> Bool {
        try connection.first(
            "SELECT is_archived FROM repositories WHERE workspace_id = \(workspace.key)"
        ) { $0.bool(0) } ?? false
    }

    /// Whether nobody sees a repository any more.
    package static func isDeleted(_ workspace: WorkspaceID, in connection: any Connection) throws -> Bool {
        try connection.first(
            """
            SELECT deleted_ms IS NOT NULL OR purged_ms IS NOT NULL FROM repositories
            WHERE workspace_id = \(workspace.key)
            """
        ) { $0.bool(0) } ?? true
    }

    /// Writes when something was pushed to a repository, in the transaction that records the push.
    package static func notePush(to workspace: WorkspaceID, in connection: any Connection) throws {
        try connection.execute(
            """
            UPDATE repositories SET pushed_ms = \(connection.nowMs), updated_ms = \(connection.nowMs)
            WHERE workspace_id = \(workspace.key)
            """
        )
    }
}
