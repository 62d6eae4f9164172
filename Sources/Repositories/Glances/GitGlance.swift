package import Core
import Database

/// What lists tell of the Git side of a repository; the database knows it, so that none is opened for a list.
package struct GitGlance: Sendable, Hashable {
    /// Whether no branch was pushed yet.
    package let isEmpty: Bool
    package let defaultBranch: String
    /// What its objects take on disk, as of the last push, and how long its large files are.
    package let sizeBytes: Int64
    /// Whether it follows a repository of another server.
    package let isMirror: Bool

    /// Of a repository to which nothing was pushed.
    static let standardBranch = "main"
}

extension Repositories {
    /// A glance at each of many repositories.
    ///
    /// - Parameter workspaces: Which.
    /// - Returns: A glance for each of them.
    /// - Throws: `DatabaseError` where the database fails.
    package func glances(at workspaces: [WorkspaceID]) async throws -> [WorkspaceID: GitGlance] {
        let keys = workspaces.map(\.key)
        return try await database.read { connection in
            let mirrors = Set(
                try connection.rows(
                    """
                    SELECT workspace_id FROM mirrors
                    WHERE workspace_id \(anyOf: keys) AND direction = \(Mirror.Direction.pull.rawValue)
                    """
                ) { $0.int(0) }
            )
            // `0` is what follows `/`.
            let known = try connection.rows(
                """
                SELECT g.workspace_id, g.head, g.size_bytes, EXISTS (
                    SELECT 1 FROM git_refs r
                    WHERE r.workspace_id = g.workspace_id AND r.name > 'refs/heads/' AND r.name < 'refs/heads0'
                )
                FROM git_repositories g
                WHERE g.workspace_id \(anyOf: keys)
                """
            ) { (key: $0.int(0), head: $0.optionalText(1), sizeBytes: $0.int(2), isFilled: $0.bool(3)) }
            let largeFiles = Dictionary(
                uniqueKeysWithValues: try connection.rows(
                    """
                    SELECT workspace_id, CAST(SUM(size_bytes) AS BIGINT) FROM lfs_objects
                    WHERE workspace_id \(anyOf: keys) GROUP BY workspace_id
                    """
                ) { ($0.int(0), $0.int(1)) }
            )
            let byKey = Dictionary(uniqueKeysWithValues: known.map { ($0.key, $0) })
            let glances = workspaces.map { workspace in
                let found = byKey[workspace.key]
                let glance = GitGlance(
                    isEmpty: found?.isFilled != true,
                    defaultBranch: found?.head ?? GitGlance.standardBranch,
                    sizeBytes: (found?.sizeBytes ?? 0) + (largeFiles[workspace.key] ?? 0),
                    isMirror: mirrors.contains(workspace.key)
                )
                return (workspace, glance)
            }
            return Dictionary(glances, uniquingKeysWith: { first, _ in first })
        }
    }
}
