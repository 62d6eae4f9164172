package import Core
import Database

extension Repositories {
    /// Removes everything of a repository that is no more: its folder, its refs and rules, its transfers, releases and large
    /// files.
    ///
    /// It may be ended at any moment and begun again. Bytes that nothing else has are freed by the next collection.
    package func removeAll(of workspace: WorkspaceID) async throws {
        // First, so that none that runs makes the folder anew.
        try await database.write { connection in
            try connection.execute("DELETE FROM mirrors WHERE workspace_id = \(workspace.key)")
            try connection.execute("DELETE FROM arrivals WHERE workspace_id = \(workspace.key)")
        }
        try await storage.remove(workspace)
        try await removeLargeFiles(of: workspace)
        while try await removeAssets(of: workspace) == Self.assetLimit {}
        _ = try await database.write { connection in
            try connection.execute("DELETE FROM releases WHERE workspace_id = \(workspace.key)")
        }
    }

    private static let assetLimit = 1_000

    private func removeAssets(of workspace: WorkspaceID) async throws -> Int {
        try await database.write { connection in
            try connection.removeAssets(
                """
                asset_key IN (
                    SELECT asset_key FROM release_assets
                    WHERE workspace_id = \(workspace.key) ORDER BY asset_key LIMIT \(Self.assetLimit)
                )
                """
            ).count
        }
    }
}
