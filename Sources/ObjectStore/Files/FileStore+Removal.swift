package import Core
internal import Database

extension FileStore {
    /// Removes all files and uploads of a workspace that is no more, in steps of one transaction each.
    ///
    /// It may be ended at any moment and begun again. Bytes that nothing else has are freed by the next collection.
    package func removeAll(of workspace: WorkspaceID) async throws {
        while try await removeUploads(of: workspace) == Self.uploadLimit {}
        while try await removeFiles(of: workspace) == Self.removalLimit {}
    }

    private static let uploadLimit = 100

    /// The rows go behind the bytes, which nothing else names.
    private func removeUploads(of workspace: WorkspaceID) async throws -> Int {
        let ids = try await database.read { connection in
            try connection.rows(
                """
                SELECT upload_id FROM uploads WHERE workspace_id = \(workspace.key) LIMIT \(Self.uploadLimit)
                """
            ) { $0.text(0) }
        }
        for id in ids.compactMap({ UploadID($0) }) { try await objects.drop(id) }
        guard !ids.isEmpty else { return 0 }
        try await database.write { connection in
            _ = try connection.execute("DELETE FROM uploads WHERE upload_id \(anyOf: ids)")
        }
        return ids.count
    }

    private static let removalLimit = 5_000

    private func removeFiles(of workspace: WorkspaceID) async throws -> Int {
        try await database.write { connection in
            let keys = try connection.rows(
                """
                DELETE FROM files WHERE workspace_id = \(workspace.key) AND path IN (
                    SELECT path FROM files WHERE workspace_id = \(workspace.key) ORDER BY path LIMIT \(Self.removalLimit)
                )
                RETURNING object_key
                """
            ) { $0.int(0) }
            try connection.release(keys)
            return keys.count
        }
    }
}
