package import Core
import Database
import Glibc

extension RefLog {
    /// Records what pushes have done that a killed server did not see the end of.
    ///
    /// - Parameters:
    ///   - untilMs: Only pushes that began before.
    ///   - forgets: Whether their notes go, and what they have locked is free. A `git` process may live a moment longer than its
    ///     server, so that a server that starts looks twice, and forgets only the second time.
    /// - Returns: What was found.
    /// - Throws: `DatabaseError` where the database fails, `GitError` where a repository cannot be read.
    @discardableResult
    package func recover(
        begunBefore untilMs: Int64,
        forgets: Bool = true
    ) async throws -> [(workspace: WorkspaceID, changes: [RefChange])] {
        let database = repositories.database
        let notes = try await database.read { connection in
            try connection.rows(
                """
                SELECT push_key, workspace_id FROM pushes
                WHERE started_ms < \(untilMs)
                ORDER BY push_key
                """
            ) { (key: $0.int(0), workspace: WorkspaceID(key: $0.int(1))) }
        }
        var found: [(workspace: WorkspaceID, changes: [RefChange])] = []
        for (workspace, group) in Dictionary(grouping: notes, by: \.workspace) {
            let keys = group.map(\.key)
            if access(repositories.path(of: workspace) + "/HEAD", F_OK) == 0 {
                if forgets { try await repositories.storage.removeLocks(of: workspace, madeBefore: untilMs) }
                found.append((workspace, try await record(workspace, ending: forgets ? keys : [])))
            } else if forgets {
                try await database.write { connection in
                    _ = try connection.execute("DELETE FROM pushes WHERE push_key \(anyOf: keys)")
                }
            }
        }
        return found
    }
}
