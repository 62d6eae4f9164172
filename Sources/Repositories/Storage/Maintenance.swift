package import Core
import Database

/// Keeps repositories fast: packs few, reachability and history indexed.
///
/// A repository is due after so many pushes; that is counted in the database, so that no restart forgets it, and whoever
/// takes one holds it for a time, so that several servers do not do the same work.
package struct Maintenance: Sendable {
    let repositories: Repositories

    /// So many changes of refs make a repository due.
    static let pushLimit: Int64 = 30
    private static let commandSeconds: Int64 = 1_800
    /// As long as the four commands may take, and an hour in which they wait for others.
    private static let leaseMs = 4 * commandSeconds * 1_000 + 3_600_000
    private static let longestLockMs: Int64 = 86_400_000

    /// Tends the repository that has waited for most pushes, if any is due.
    ///
    /// - Returns: Which was tended; nil where none is due.
    /// - Throws: `GitError` where `git` fails, `DatabaseError` where the database fails.
    package func tendNext() async throws -> WorkspaceID? {
        guard let due = try await take() else { return nil }
        if repositories.storage.exists(due.workspace) {
            // No process that writes lives for so long, and none of these would write past the lock of one that was killed.
            try await repositories.storage.removeLocks(
                .all,
                of: due.workspace,
                madeBefore: Clock.system.nowMs() - Self.longestLockMs
            )
            try await tend(due.workspace)
        }
        try await repositories.database.write { connection in
            _ = try connection.execute(
                """
                UPDATE git_repositories
                SET pushes_since_maintenance = pushes_since_maintenance - \(due.pushes), maintenance_until_ms = 0
                WHERE workspace_id = \(due.workspace.key)
                """
            )
        }
        return due.workspace
    }

    /// Packs what came since the last time, and indexes it for reading.
    ///
    /// Packs are joined so that each is twice as large as the next: a large one is left alone until as much has come again.
    package func tend(_ workspace: WorkspaceID) async throws {
        try await repositories.git.slots.hold {
            for arguments in [
                ["pack-refs", "--all", "--prune"],
                ["repack", "-d", "-l", "--quiet", "--geometric=2", "--write-midx", "--write-bitmap-index"],
                ["commit-graph", "write", "--reachable", "--changed-paths", "--split"],
                ["prune", "--expire=2.weeks.ago"],
            ] {
                try await repositories.git.require(
                    GitProgram.Command(arguments: arguments, repository: repositories.path(of: workspace)),
                    timeLimit: .seconds(Self.commandSeconds)
                )
            }
        }
    }

    /// Holds the repository that has waited for most pushes against other servers, if any is due.
    func take() async throws -> (workspace: WorkspaceID, pushes: Int64)? {
        try await repositories.database.write { connection in
            let nowMs = try connection.sharedNowMs()
            return try connection.first(
                """
                UPDATE git_repositories
                SET maintenance_until_ms = \(nowMs + Self.leaseMs)
                WHERE workspace_id = (
                    SELECT workspace_id FROM git_repositories
                    WHERE pushes_since_maintenance >= \(Self.pushLimit) AND maintenance_until_ms < \(nowMs)
                    ORDER BY pushes_since_maintenance DESC, workspace_id
                    LIMIT 1 \(.skipLocked)
                )
                RETURNING workspace_id, pushes_since_maintenance
                """
            ) { (WorkspaceID(key: $0.int(0)), $0.int(1)) }
        }
    }
}
