package import Core
package import Database

extension Accounts {
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
