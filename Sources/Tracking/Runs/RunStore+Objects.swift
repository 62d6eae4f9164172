package import Core
import Database

/// What permissions for the experiments of runs are checked by.
extension RunStore {
    /// Holds the caller to what they may do with the experiment of a run.
    ///
    /// - Throws: `Failure.missing` for a run that is not there for them, `.permissionDenied` for one that is.
    package func require(_ action: ObjectAction, on id: String) async throws {
        let experiment = try await database.glance { connection in
            let run = try row(of: id, in: connection)
            return try connection.first(
                "SELECT experiment_id FROM experiments WHERE experiment_key = \(run.experimentKey)"
            ) { $0.int(0) }
        }
        guard let experiment else { throw DatabaseError.gone("the experiment of a run") }
        try caller.require(action, onExperiment: experiment)
    }

    /// The experiments of the runs and logged models of the workspace that have one of these ids, also of those that are not
    /// there for the caller: for checks alone.
    package func experiments(ofAny ids: [String]) async throws -> Set<Int64> {
        let ids = ids.filter { !$0.utf8.contains(0) }
        return try await database.read { connection in
            Set(
                try connection.rows(
                    """
                    SELECT e.experiment_id FROM runs r JOIN experiments e ON e.experiment_key = r.experiment_key
                    WHERE r.workspace_id = \(caller.workspace.key) AND r.run_uuid \(anyOf: ids)
                    UNION
                    SELECT e.experiment_id FROM logged_models m JOIN experiments e ON e.experiment_key = m.experiment_key
                    WHERE m.workspace_id = \(caller.workspace.key) AND m.model_id \(anyOf: ids)
                    """
                ) { $0.int(0) }
            )
        }
    }
}
