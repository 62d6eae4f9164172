import Core
import Database

/// What would be deleted for good.
package struct PurgeForecast: Sendable, Hashable {
    package var runs = 0
    package var experiments = 0
    package var loggedModels = 0
    /// What would be left to delete of artifacts then, with what earlier purges have left; its keys say nothing.
    package var artifacts: [PurgedArtifacts] = []
}

extension PurgeStore {
    /// Looks whether everything that is selected may be deleted for good.
    ///
    /// - Parameters:
    ///   - selection: What is meant.
    ///   - beforeMs: It must have been deleted earlier.
    /// - Throws: What the purge of the first would throw that may not be.
    package func check(_ selection: PurgeSelection, deletedBeforeMs beforeMs: Int64) async throws {
        try await tracking.database.read { connection in
            for id in selection.loggedModels {
                _ = try deleted(model: id, beforeMs, lock: "", in: connection)
            }
            for id in selection.runs { _ = try deleted(run: id, beforeMs, lock: "", in: connection) }
            for id in selection.experiments {
                _ = try deleted(experiment: id, beforeMs, lock: "", in: connection)
            }
        }
    }

    /// Says what would be deleted for good, and leaves it as it is.
    ///
    /// - Parameters:
    ///   - selection: What is meant, as it was checked; where it is empty, everything that was deleted.
    ///   - beforeMs: What was deleted earlier goes; epoch milliseconds.
    /// - Returns: How much that is, and where its artifacts lie.
    /// - Throws: `DatabaseError` where the database fails.
    package func forecast(
        _ selection: PurgeSelection,
        deletedBeforeMs beforeMs: Int64
    ) async throws -> PurgeForecast {
        try await tracking.database.read { connection in
            var forecast = PurgeForecast()
            let experiments = try doomedExperiments(selection, beforeMs, in: connection)
            forecast.experiments = experiments.count
            let keys = experiments.map(\.key)
            let models = try connection.rows(
                """
                SELECT model_id, artifact_location FROM logged_models
                WHERE workspace_id = \(caller.workspace.key)
                    AND (experiment_key \(anyOf: keys) OR \(doomedModels(selection, beforeMs)))
                ORDER BY model_id
                """
            ) { (id: $0.text(0), location: $0.text(1)) }
            forecast.loggedModels = models.count
            for (id, location) in models where location.contains(id) {
                forecast.artifacts.append(PurgedArtifacts(key: 0, runID: nil, location: location))
            }
            let runs = try connection.rows(
                """
                SELECT run_uuid, artifact_uri FROM runs
                WHERE workspace_id = \(caller.workspace.key)
                    AND (experiment_key \(anyOf: keys) OR \(doomedRuns(selection, beforeMs)))
                ORDER BY run_uuid
                """
            ) { (id: $0.text(0), location: $0.text(1)) }
            forecast.runs = runs.count
            for (id, location) in runs where location.contains(id) {
                forecast.artifacts.append(PurgedArtifacts(key: 0, runID: id, location: location))
            }
            var folders = try experimentFolders(in: connection)
            for experiment in experiments {
                folders[experiment.id] = nil
                guard isOwnFolder(experiment.location, of: experiment.id, beside: folders.values) else {
                    continue
                }
                forecast.artifacts.append(
                    PurgedArtifacts(key: 0, runID: nil, location: experiment.location)
                )
            }
            forecast.artifacts += try leftArtifacts(in: connection)
            return forecast
        }
    }

    private func doomedExperiments(
        _ selection: PurgeSelection,
        _ beforeMs: Int64,
        in connection: any Connection
    ) throws -> [(key: Int64, id: Int64, location: String)] {
        let condition: SQL =
            selection.isEmpty
            ? "lifecycle_stage = 'deleted' AND last_update_time < \(beforeMs)"
            : "experiment_id \(anyOf: selection.experiments)"
        return try connection.rows(
            """
            SELECT experiment_key, experiment_id, artifact_location FROM experiments
            WHERE workspace_id = \(caller.workspace.key) AND \(condition)
            ORDER BY experiment_id
            """
        ) { (key: $0.int(0), id: $0.int(1), location: $0.text(2)) }
    }

    private func doomedModels(_ selection: PurgeSelection, _ beforeMs: Int64) -> SQL {
        selection.isEmpty
            ? "lifecycle_stage = 'deleted' AND last_updated_timestamp_ms < \(beforeMs)"
            : "model_id \(anyOf: selection.loggedModels)"
    }

    private func doomedRuns(_ selection: PurgeSelection, _ beforeMs: Int64) -> SQL {
        selection.isEmpty
            ? "lifecycle_stage = 'deleted' AND deleted_time < \(beforeMs)"
            : "run_uuid \(anyOf: selection.runs)"
    }
}
