import Core
import Database

extension ExperimentStore {
    /// An experiment that takes runs and models.
    struct Active {
        let key: Int64
        let artifactLocation: String
    }

    /// The experiment, which nobody deletes until the transaction ends.
    ///
    /// - Throws: `Failure.missing` or `.invalid` for an experiment that is not there or deleted.
    func active(_ id: Int64, in connection: any Connection) throws -> Active {
        let found = try connection.first(
            """
            SELECT experiment_key, artifact_location, lifecycle_stage FROM experiments
            WHERE workspace_id = \(caller.workspace.key) AND experiment_id = \(id) \(caller.reaches("experiment_id")) \(.forShare)
            """
        ) { (Active(key: $0.int(0), artifactLocation: $0.text(1)), stage: $0.text(2)) }
        guard let (experiment, stage) = found else {
            throw Failure.missing("No Experiment with id=\(id) exists")
        }
        guard stage == LifecycleStage.active.rawValue else {
            throw Failure.invalid(
                "The experiment \(id) must be in the 'active' state. Current state is \(stage)."
            )
        }
        return experiment
    }
}
