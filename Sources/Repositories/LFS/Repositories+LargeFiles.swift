package import Core
import Database
package import ObjectStore

extension Repositories {
    /// The large files of a caller's repository.
    ///
    /// - Parameters:
    ///   - files: Where their bytes are kept.
    ///   - caller: Whose repository.
    /// - Returns: A store of them.
    package func largeFiles(in files: FileStore, for caller: Caller) -> LargeFileStore {
        LargeFileStore(files: files, database: database, caller: caller)
    }

    /// What is locked in a caller's repository.
    package func fileLocks(for caller: Caller) -> FileLockStore {
        FileLockStore(database: database, caller: caller)
    }

    /// Gives a fork the large files of the repository that it comes from.
    ///
    /// It may be ended at any moment and begun again.
    package func copyLargeFiles(from source: WorkspaceID, to fork: WorkspaceID) async throws {
        var last = ""
        while true {
            let oids = try await database.write { [last] connection in
                try connection.copyLargeFiles(
                    from: source,
                    to: fork,
                    after: last,
                    limit: Self.largeFileBatch
                )
            }
            guard oids.count == Self.largeFileBatch, let end = oids.last else { return }
            last = end
        }
    }

    /// Takes the large files and the locks from a repository that is about to be no more.
    ///
    /// It may be ended at any moment and begun again. Bytes that nothing refers to are freed by the next collection.
    package func removeLargeFiles(of workspace: WorkspaceID) async throws {
        _ = try await database.write { connection in
            try connection.execute("DELETE FROM lfs_locks WHERE workspace_id = \(workspace.key)")
        }
        while try await removeSomeLargeFiles(of: workspace) == Self.largeFileBatch {}
    }

    private static let largeFileBatch = 1_000

    private func removeSomeLargeFiles(of workspace: WorkspaceID) async throws -> Int {
        try await database.write { connection in
            let keys = try connection.rows(
                """
                DELETE FROM lfs_objects WHERE workspace_id = \(workspace.key) AND oid IN (
                    SELECT oid FROM lfs_objects
                    WHERE workspace_id = \(workspace.key) ORDER BY oid LIMIT \(Self.largeFileBatch)
                )
                RETURNING object_key
                """
            ) { $0.int(0) }
            try FileStore.release(keys, in: connection)
            return keys.count
        }
    }
}

extension Connection {
    /// Copies some rows, those behind `last`.
    ///
    /// - Returns: Which they were, whether the fork had them already or not.
    fileprivate func copyLargeFiles(
        from source: WorkspaceID,
        to fork: WorkspaceID,
        after last: String,
        limit: Int
    ) throws -> [String] {
        // Held, so that what they refer to stays.
        let oids = try rows(
            """
            SELECT oid FROM lfs_objects
            WHERE workspace_id = \(source.key) AND oid > \(last) ORDER BY oid LIMIT \(limit) \(.forUpdate)
            """
        ) { $0.text(0) }
        let keys = try rows(
            """
            INSERT INTO lfs_objects (workspace_id, oid, object_key, size_bytes, stored_ms)
            SELECT CAST(\(fork.key) AS BIGINT), oid, object_key, size_bytes, CAST(\(nowMs) AS BIGINT) FROM lfs_objects
            WHERE workspace_id = \(source.key) AND oid \(anyOf: oids)
            ON CONFLICT DO NOTHING
            RETURNING object_key
            """
        ) { $0.int(0) }
        try FileStore.hold(keys, in: self)
        return oids
    }
}
