package import Core
import Database

/// What permissions for the experiments of logged models are checked by.
extension LoggedModelStore {
    /// Holds the caller to what they may do with the experiment of a logged model, active or deleted.
    ///
    /// - Throws: `Failure.missing` for a model that is not there for them, `.permissionDenied` for one that is.
    package func require(_ action: ObjectAction, on id: String) async throws {
        let experiment = try await database.glance { connection in
            let key = try key(of: id, lock: false, in: connection)
            return try connection.first(
                """
                SELECT e.experiment_id FROM logged_models m JOIN experiments e ON e.experiment_key = m.experiment_key
                WHERE m.model_key = \(key)
                """
            ) { $0.int(0) }
        }
        guard let experiment else { throw DatabaseError.gone("the experiment of a logged model") }
        try caller.require(action, onExperiment: experiment)
    }
}
