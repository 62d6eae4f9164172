package import Core
import Database

extension RefLog {
    /// Which of many repositories have a branch; the others are empty.
    ///
    /// - Parameter workspaces: Whose they are.
    /// - Returns: Those with a branch.
    /// - Throws: `DatabaseError` where the database fails.
    package func withBranches(among workspaces: [WorkspaceID]) async throws -> Set<WorkspaceID> {
        let keys = workspaces.map(\.key)
        // `0` is what follows `/`.
        let found = try await repositories.database.read { connection in
            try connection.rows(
                """
                SELECT DISTINCT workspace_id
                FROM git_refs
                WHERE workspace_id \(anyOf: keys) AND name > 'refs/heads/' AND name < 'refs/heads0'
                """
            ) { WorkspaceID(key: $0.int(0)) }
        }
        return Set(found)
    }
}
