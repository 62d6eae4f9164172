package import Core
import Database

extension Registry {
    /// Removes everything of a workspace that is no more, in steps of one transaction each.
    ///
    /// It may be ended at any moment and begun again. Webhooks are removed by whoever has their queue.
    package func removeAll(of workspace: WorkspaceID) async throws {
        // In the order in which one refers to the other.
        while try await remove("model_versions", "version_key", of: workspace) {}
        while try await remove("approval_requests", "request_id", of: workspace) {}
        while try await remove("registered_models", "model_key", of: workspace) {}
    }

    private static let stepLimit = 200

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
