import Core
import Database

/// Artifacts whose owner is gone.
package struct PurgedArtifacts: Sendable, Hashable {
    package let key: Int64
    /// The run whose they were; nil for those of something else.
    package let runID: String?
    /// Where they lie.
    package let location: String
}

extension PurgedArtifacts {
    /// Reads the key, the kind and the id of the owner, and the location.
    fileprivate init(_ row: borrowing Row) {
        self.init(
            key: row.int(0),
            runID: row.text(1) == PurgeStore.Kind.run.rawValue ? row.text(2) : nil,
            location: row.text(3)
        )
    }
}

extension PurgeStore {
    /// Artifacts that are still to be deleted.
    ///
    /// Those whose owner came again meanwhile, as by an import, are its own and are forgotten.
    ///
    /// - Parameters:
    ///   - key: The key of the artifacts behind which to begin; 0 for the first.
    ///   - limit: How many at the most.
    /// - Returns: What is to be deleted, oldest first.
    /// - Throws: `DatabaseError` where the database fails.
    package func purgedArtifacts(after key: Int64, limit: Int) async throws -> [PurgedArtifacts] {
        try await tracking.database.write { connection in
            try forgetReclaimed(in: connection)
            return try connection.rows(
                """
                SELECT purge_key, kind, owner, location FROM purged_artifacts
                WHERE workspace_id = \(caller.workspace.key) AND purge_key > \(key)
                ORDER BY purge_key LIMIT \(limit)
                """
            ) { PurgedArtifacts($0) }
        }
    }

    /// Says that artifacts are deleted.
    package func finish(_ artifacts: PurgedArtifacts) async throws {
        try await tracking.database.write { connection in
            // A key may be another's by now, where another collection was quicker.
            _ = try connection.execute(
                """
                DELETE FROM purged_artifacts
                WHERE purge_key = \(artifacts.key) AND location = \(artifacts.location)
                """
            )
        }
    }

    /// What `purgedArtifacts` would give, read and left as it is.
    func leftArtifacts(in connection: any Connection) throws -> [PurgedArtifacts] {
        try connection.rows(
            """
            SELECT purge_key, kind, owner, location FROM purged_artifacts
            WHERE workspace_id = \(caller.workspace.key) AND NOT (\(Self.isReclaimed))
            ORDER BY purge_key
            """
        ) { PurgedArtifacts($0) }
    }

    private func forgetReclaimed(in connection: any Connection) throws {
        try connection.execute(
            """
            DELETE FROM purged_artifacts
            WHERE workspace_id = \(caller.workspace.key) AND (\(Self.isReclaimed))
            """
        )
    }

    /// A condition that the owner is there again.
    private static let isReclaimed: SQL = """
        kind = 'run' AND EXISTS (
            SELECT 1 FROM runs r
            WHERE r.workspace_id = purged_artifacts.workspace_id AND r.run_uuid = purged_artifacts.owner
        ) OR kind = 'logged_model' AND EXISTS (
            SELECT 1 FROM logged_models m
            WHERE m.workspace_id = purged_artifacts.workspace_id AND m.model_id = purged_artifacts.owner
        ) OR kind = 'experiment' AND EXISTS (
            SELECT 1 FROM experiments e
            WHERE e.workspace_id = purged_artifacts.workspace_id
                AND '' || e.experiment_id = purged_artifacts.owner
        )
        """
}
