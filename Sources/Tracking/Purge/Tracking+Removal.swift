package import Core
import Database

extension Tracking {
    /// Removes everything of a workspace that is no more, in steps of one transaction each.
    ///
    /// It may be ended at any moment and begun again. Artifacts that this server keeps are removed by who keeps them; what
    /// clients keep elsewhere stays there.
    package func removeAll(of workspace: WorkspaceID) async throws {
        // In the order in which one refers to the other.
        while try await remove("runs", "run_key", of: workspace) {}
        while try await remove("logged_models", "model_key", of: workspace) {}
        while try await remove("experiments", "experiment_key", of: workspace) {}
        while try await remove("purged_artifacts", "purge_key", of: workspace) {}
        try await database.write { connection in
            _ = try connection.execute("DELETE FROM workspaces WHERE workspace_id = \(workspace.key)")
        }
    }

    /// Each may have a long history, which goes with it.
    private static let stepLimit = 10

    /// - Returns: Whether there may be more.
    private func remove(_ table: SQL, _ key: SQL, of workspace: WorkspaceID) async throws -> Bool {
        try await database.write { connection in
            try connection.execute(
                """
                DELETE FROM \(table) WHERE \(key) IN (
                    SELECT \(key) FROM \(table) WHERE workspace_id = \(workspace.key) LIMIT \(Self.stepLimit)
                )
                """
            ) == Self.stepLimit
        }
    }
}
