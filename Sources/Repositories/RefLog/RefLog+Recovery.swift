package import Core
import Database
import Glibc

extension RefLog {
    /// Records what pushes have done that a killed server did not see the end of.
    ///
    /// A repository that cannot be read keeps no other from it.
    ///
    /// - Parameters:
    ///   - untilMs: Only pushes that began before.
    ///   - forgets: Whether their notes go, and what they have locked is free. A `git` process may live a moment longer than its
    ///     server, so that a server that starts looks twice, and forgets only the second time; and not where one is still there.
    /// - Returns: What was found.
    /// - Throws: `DatabaseError` where the database fails, `GitError` where a repository cannot be read; the first of them.
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
        var firstError: (any Error)?
        for (workspace, group) in Dictionary(grouping: notes, by: \.workspace) {
            do {
                let changes = try await recover(workspace, group.map(\.key), begunBefore: untilMs, forgets)
                if let changes { found.append((workspace, changes)) }
            } catch is CancellationError {
                throw CancellationError()
            } catch {
                firstError = firstError ?? error
            }
        }
        if let firstError { throw firstError }
        return found
    }

    /// - Returns: What had changed; nil where there is no repository any more.
    private func recover(
        _ workspace: WorkspaceID,
        _ keys: [Int64],
        begunBefore untilMs: Int64,
        _ forgets: Bool
    ) async throws -> [RefChange]? {
        let path = repositories.path(of: workspace)
        guard access(path + "/HEAD", F_OK) == 0 else {
            guard forgets else { return nil }
            try await repositories.database.write { connection in
                _ = try connection.execute("DELETE FROM pushes WHERE push_key \(anyOf: keys)")
            }
            return nil
        }
        guard try forgets && !LivingGit.works(in: path, begunBefore: untilMs) else {
            return try await record(workspace, ending: [])
        }
        try await repositories.storage.removeLocks(.refs, of: workspace, madeBefore: untilMs)
        return try await record(workspace, ending: keys)
    }
}
