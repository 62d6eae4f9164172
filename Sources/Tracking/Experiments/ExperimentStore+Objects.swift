package import Core
package import Database

/// What permissions for single experiments are checked by.
extension ExperimentStore {
    /// Holds the caller to what they may do with an experiment.
    ///
    /// - Throws: `Failure.missing` for one that is not there for them, `.permissionDenied` for one that is.
    package func require(_ action: ObjectAction, on id: Int64) async throws {
        _ = try await tracking.database.glance { try row(of: id, in: $0).key }
        try caller.require(action, onExperiment: id)
    }

    /// Keeps an experiment from being removed until the transaction ends.
    ///
    /// - Throws: `Failure.missing`.
    package func hold(_ id: Int64, in connection: any Connection) throws {
        let found = try connection.first(
            """
            SELECT 1 FROM experiments
            WHERE workspace_id = \(caller.workspace.key) AND experiment_id = \(id) \(.forShare)
            """
        ) { _ in true }
        guard found == true else { throw Failure.missing("No Experiment with id=\(id) exists") }
    }

    /// Where the artifacts of all experiments of the workspace lie, also of those that are not there for the caller: for
    /// checks alone.
    package func artifactLocations() async throws -> [(experiment: Int64, location: String)] {
        try await tracking.database.read { connection in
            try connection.rows(
                """
                SELECT experiment_id, artifact_location FROM experiments
                WHERE workspace_id = \(caller.workspace.key)
                """
            ) { ($0.int(0), $0.text(1)) }
        }
    }
}
