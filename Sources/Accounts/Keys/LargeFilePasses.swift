package import Core
import Database

extension Accounts {
    /// What keys for SSH are given to move large files over HTTP.
    package var largeFilePasses: LargeFilePasses { LargeFilePasses(database: database) }
}

/// Passes for the large files of one repository, given over SSH, where a key was shown, for HTTP, where none can be.
///
/// A pass is no more than its key: it ends with it, reaches one repository, and ends soon by itself.
package struct LargeFilePasses: Sendable {
    package static let lifeSeconds: Int64 = 1_800

    let database: any Database

    /// - Parameters:
    ///   - key: The id of the key for SSH that was shown.
    ///   - workspace: The repository; that the key reaches it was asked before.
    ///   - role: What is not exceeded with it.
    /// - Returns: The pass, which is not known afterwards.
    /// - Throws: `DatabaseError` where the database fails.
    package func create(for key: Int64, in workspace: WorkspaceID, _ role: Role) async throws -> Secret {
        let secret = Secret(.pass)
        try await database.write { connection in
            try connection.execute(
                "DELETE FROM lfs_passes WHERE key_id = \(key) AND expires_ms <= \(connection.nowMs)"
            )
            try connection.execute(
                """
                INSERT INTO lfs_passes (hash, key_id, workspace_id, role, expires_ms)
                VALUES (\(secret.hash), \(key), \(workspace.key), \(role.rawValue),
                    \(connection.nowMs + Self.lifeSeconds * 1_000))
                """
            )
        }
        return secret
    }

    /// Who shows a pass.
    ///
    /// - Throws: `Refusal.signIn` for one that has ended, or that never was.
    func identify(_ text: String) async throws -> Identity {
        guard let secret = Secret(text, .pass) else { throw Refusal.signIn }
        let found = try await database.read { connection in
            let pass = try connection.first(
                """
                SELECT key_id, workspace_id, role FROM lfs_passes
                WHERE hash = \(secret.hash) AND expires_ms > \(connection.nowMs)
                """
            ) {
                (
                    key: $0.int(0), workspace: WorkspaceID(key: $0.int(1)),
                    // What cannot be read may do least.
                    role: Role(rawValue: $0.text(2)) ?? .read
                )
            }
            guard let pass else { return nil as Identity? }
            return try SSHKeyReader.find(pass.key, in: connection)?.forLargeFiles(
                pass.role,
                in: pass.workspace
            )
        }
        guard let found else { throw Refusal.signIn }
        return found
    }
}

extension Identity {
    /// The same somebody with a pass; nil for one who reaches another repository alone.
    fileprivate func forLargeFiles(_ role: Role, in workspace: WorkspaceID) -> Identity? {
        guard self.workspace == nil || self.workspace == workspace else { return nil }
        return Identity(
            account: account,
            login: login,
            isServerAdmin: isServerAdmin,
            means: .largeFilePass,
            ceiling: min(ceiling, role),
            reachesAccount: false,
            workspace: workspace
        )
    }
}
