import Core
import Database
import Events

/// Deletes for good what was put into the bin.
///
/// The rows of a thing and a note of where its artifacts lie change in one transaction. The artifacts are deleted by the
/// note and the note after them, so whoever is ended at any moment leaves work that the next one finds.
package struct PurgeStore: Sendable {
    let tracking: Tracking
    let caller: Caller

    private var database: any Database { tracking.database }

    /// Runs that were deleted before a time, in the order of their ids.
    ///
    /// - Parameters:
    ///   - beforeMs: Epoch milliseconds.
    ///   - id: The id behind which to begin; empty for the first.
    ///   - limit: How many at the most.
    /// - Returns: Their ids.
    /// - Throws: `DatabaseError` where the database fails.
    package func runs(deletedBeforeMs beforeMs: Int64, after id: String, limit: Int) async throws -> [String]
    {
        try await database.read { connection in
            try connection.rows(
                """
                SELECT run_uuid FROM runs
                WHERE workspace_id = \(caller.workspace.key) AND lifecycle_stage = 'deleted'
                    AND deleted_time < \(beforeMs) AND run_uuid > \(id)
                ORDER BY run_uuid LIMIT \(limit)
                """
            ) { $0.text(0) }
        }
    }

    /// Logged models that were deleted before a time, in the order of their ids; parameters as for runs.
    package func loggedModels(
        deletedBeforeMs beforeMs: Int64,
        after id: String,
        limit: Int
    ) async throws -> [String] {
        try await database.read { connection in
            try connection.rows(
                """
                SELECT model_id FROM logged_models
                WHERE workspace_id = \(caller.workspace.key) AND lifecycle_stage = 'deleted'
                    AND last_updated_timestamp_ms < \(beforeMs) AND model_id > \(id)
                ORDER BY model_id LIMIT \(limit)
                """
            ) { $0.text(0) }
        }
    }

    /// Experiments that were deleted before a time.
    package func experiments(deletedBeforeMs beforeMs: Int64) async throws -> [Int64] {
        try await database.read { connection in
            try connection.rows(
                """
                SELECT experiment_id FROM experiments
                WHERE workspace_id = \(caller.workspace.key) AND lifecycle_stage = 'deleted'
                    AND last_update_time < \(beforeMs)
                ORDER BY experiment_id
                """
            ) { $0.int(0) }
        }
    }

    /// Deletes a run with all that was logged of it; what it measured of logged models stays with these.
    ///
    /// The datasets that no other run used go with it.
    ///
    /// - Parameters:
    ///   - id: The run's id.
    ///   - beforeMs: It must have been deleted earlier.
    /// - Throws: `Failure.missing`, `.invalid` where it is not deleted or not long enough.
    package func purgeRun(_ id: String, deletedBeforeMs beforeMs: Int64) async throws {
        try await database.write { connection in
            let found = try deleted(run: id, beforeMs, lock: "\(.forUpdate)", in: connection)
            try purge(run: found.key, id, found.location, in: connection)
        }
    }

    /// Deletes a logged model with all that was said of it, and its place in the runs that made or used it.
    ///
    /// - Parameters:
    ///   - id: The model's id.
    ///   - beforeMs: It must have been deleted earlier.
    /// - Throws: `Failure.missing`, `.invalid` where it is not deleted or not long enough.
    package func purgeLoggedModel(_ id: String, deletedBeforeMs beforeMs: Int64) async throws {
        try await database.write { connection in
            let found = try deleted(model: id, beforeMs, lock: "\(.forUpdate)", in: connection)
            try purge(model: found.key, id, found.location, in: connection)
        }
    }

    /// A thing as the transaction sees it that may delete it for good.
    struct Doomed {
        let key: Int64
        let stage: String
        let deletedMs: Int64?
        let location: String
    }

    /// A run that may be deleted for good; `lock` is how its row is held until the transaction ends.
    func deleted(
        run id: String,
        _ beforeMs: Int64,
        lock: SQL,
        in connection: any Connection
    ) throws -> Doomed {
        let found = try connection.first(
            """
            SELECT run_key, lifecycle_stage, deleted_time, artifact_uri FROM runs
            WHERE workspace_id = \(caller.workspace.key) AND run_uuid = \(id) \(lock)
            """
        ) { Doomed(key: $0.int(0), stage: $0.text(1), deletedMs: $0.optionalInt(2), location: $0.text(3)) }
        guard let found else { throw Failure.missing("Run with id=\(id) not found") }
        try check(found, "run", id, beforeMs)
        return found
    }

    /// A logged model that may be deleted for good; parameters as for a run.
    func deleted(
        model id: String,
        _ beforeMs: Int64,
        lock: SQL,
        in connection: any Connection
    ) throws -> Doomed {
        let found = try connection.first(
            """
            SELECT model_key, lifecycle_stage, last_updated_timestamp_ms, artifact_location FROM logged_models
            WHERE workspace_id = \(caller.workspace.key) AND model_id = \(id) \(lock)
            """
        ) { Doomed(key: $0.int(0), stage: $0.text(1), deletedMs: $0.optionalInt(2), location: $0.text(3)) }
        guard let found else { throw Failure.missing("Logged model with ID '\(id)' not found.") }
        try check(found, "logged model", id, beforeMs)
        return found
    }

    func check(_ found: Doomed, _ kind: String, _ id: String, _ beforeMs: Int64) throws {
        guard found.stage == LifecycleStage.deleted.rawValue else {
            throw Failure.invalid(
                "The \(kind) \(id) is not in the `deleted` lifecycle stage. Only what is deleted can be deleted for good."
            )
        }
        guard let deletedMs = found.deletedMs, deletedMs < beforeMs else {
            throw Failure.invalid("The \(kind) \(id) was not deleted long enough ago.")
        }
    }

    func purge(run key: Int64, _ id: String, _ location: String, in connection: any Connection) throws {
        let datasets = try connection.datasetKeys(ofRun: key)
        try connection.execute("DELETE FROM runs WHERE run_key = \(key)")
        try connection.deleteUnusedDatasets(of: datasets)
        // Security: an address that came with an import could name another's artifacts; one's own bears one's id.
        if location.contains(id) { try note(location, of: .run, id, in: connection) }
        try EventLog.append(.runPurged, to: "run/\(id)", by: caller, in: connection)
    }

    func purge(model key: Int64, _ id: String, _ location: String, in connection: any Connection) throws {
        try connection.execute(
            """
            DELETE FROM run_models WHERE model_id = \(id)
                AND run_key IN (SELECT run_key FROM runs WHERE workspace_id = \(caller.workspace.key))
            """
        )
        try connection.execute("DELETE FROM logged_models WHERE model_key = \(key)")
        if location.contains(id) { try note(location, of: .loggedModel, id, in: connection) }
        try EventLog.append(.loggedModelPurged, to: "model/\(id)", by: caller, in: connection)
    }

    enum Kind: String {
        case experiment
        case run
        case loggedModel = "logged_model"
    }

    func note(_ location: String, of kind: Kind, _ id: String, in connection: any Connection) throws {
        try connection.execute(
            """
            INSERT INTO purged_artifacts (workspace_id, kind, owner, location)
            VALUES (\(caller.workspace.key), \(kind.rawValue), \(id), \(location))
            """
        )
    }
}
