package import Core
import Database

extension Repositories {
    /// Removes everything of a repository that is no more: its folder, its refs and rules, its mirrors, releases and large
    /// files.
    ///
    /// It may be ended at any moment and begun again. Bytes that nothing else has are freed by the next collection.
    package func removeAll(of workspace: WorkspaceID) async throws {
        // First, so that none that runs makes the folder anew.
        _ = try await database.write { connection in
            try connection.execute("DELETE FROM mirrors WHERE workspace_id = \(workspace.key)")
        }
        try await storage.remove(workspace)
        try await removeLargeFiles(of: workspace)
        try await database.write { connection in
            try connection.removeAssets("workspace_id = \(workspace.key)")
            try connection.execute("DELETE FROM releases WHERE workspace_id = \(workspace.key)")
        }
    }
}
