import Core
import Database
import Events

extension PurgeStore {
    /// Deletes a deleted experiment with its runs and logged models, in steps of one transaction each.
    ///
    /// Where it is restored meanwhile, what has gone is gone and the rest stays.
    ///
    /// - Parameters:
    ///   - id: The experiment's number.
    ///   - beforeMs: It must have been deleted earlier.
    ///   - afterStep: Called after each step with how many runs and models it deleted.
    /// - Throws: `Failure.missing`, `.invalid` where it is not deleted or not long enough.
    package func purgeExperiment(
        _ id: Int64,
        deletedBeforeMs beforeMs: Int64,
        afterStep: (_ runs: Int, _ models: Int) async throws -> Void
    ) async throws {
        while true {
            let step = try await tracking.database.write { try purgeStep(id, beforeMs, in: $0) }
            try await afterStep(step.runs, step.models)
            if step.isLast { return }
        }
    }

    private struct Step: Sendable {
        var runs = 0
        var models = 0
        var isLast = false
    }

    /// How many runs or models a transaction deletes, with what may be long histories.
    private static let stepLimit = 10

    private func purgeStep(_ id: Int64, _ beforeMs: Int64, in connection: any Connection) throws -> Step {
        let experiment = try deleted(experiment: id, beforeMs, lock: "\(.forUpdate)", in: connection)
        let runs = try connection.rows(
            """
            SELECT run_key, run_uuid, artifact_uri FROM runs WHERE experiment_key = \(experiment.key)
            ORDER BY run_uuid LIMIT \(Self.stepLimit)
            """
        ) { (key: $0.int(0), id: $0.text(1), location: $0.text(2)) }
        for run in runs { try purge(run: run.key, run.id, run.location, in: connection) }
        if !runs.isEmpty { return Step(runs: runs.count) }
        let models = try connection.rows(
            """
            SELECT model_key, model_id, artifact_location FROM logged_models
            WHERE experiment_key = \(experiment.key) ORDER BY model_id LIMIT \(Self.stepLimit)
            """
        ) { (key: $0.int(0), id: $0.text(1), location: $0.text(2)) }
        for model in models { try purge(model: model.key, model.id, model.location, in: connection) }
        if !models.isEmpty { return Step(models: models.count) }
        try purge(experiment: experiment, id, in: connection)
        return Step(isLast: true)
    }

    /// An experiment that may be deleted for good; parameters as for a run.
    func deleted(
        experiment id: Int64,
        _ beforeMs: Int64,
        lock: SQL,
        in connection: any Connection
    ) throws -> Doomed {
        let found = try connection.first(
            """
            SELECT experiment_key, lifecycle_stage, last_update_time, artifact_location FROM experiments
            WHERE workspace_id = \(caller.workspace.key) AND experiment_id = \(id) \(lock)
            """
        ) { Doomed(key: $0.int(0), stage: $0.text(1), deletedMs: $0.int(2), location: $0.text(3)) }
        guard let found else { throw Failure.missing("No Experiment with id=\(id) exists") }
        try check(found, "experiment", "\(id)", beforeMs)
        return found
    }

    private func purge(experiment: Doomed, _ id: Int64, in connection: any Connection) throws {
        try connection.execute("DELETE FROM experiments WHERE experiment_key = \(experiment.key)")
        try tracking.forget(id, caller, connection)
        let folders = try experimentFolders(in: connection)
        if isOwnFolder(experiment.location, of: id, beside: folders.values) {
            try note(experiment.location, of: .experiment, "\(id)", in: connection)
        }
        try EventLog.append(.experimentPurged, to: "experiment/\(id)", by: caller, in: connection)
    }

    /// Whether a folder is the one that the server made for the experiment, and nobody chose to keep theirs in it.
    ///
    /// Security: the location of an experiment is whatever its maker wrote, such as the folder of another experiment.
    func isOwnFolder(_ location: String, of id: Int64, beside folders: some Sequence<String>) -> Bool {
        guard location == appending("\(id)", to: tracking.artifactRoot(in: caller.workspace)) else {
            return false
        }
        let own = Self.folder(of: location)
        return !folders.contains { $0 == own || $0.hasPrefix(own + "/") }
    }

    /// The folders of the store that experiments name, by their numbers.
    func experimentFolders(in connection: any Connection) throws -> [Int64: String] {
        let folders = try connection.rows(
            "SELECT experiment_id, artifact_location FROM experiments WHERE workspace_id = \(caller.workspace.key)"
        ) { ($0.int(0), Self.folder(of: $0.text(1))) }
        return Dictionary(uniqueKeysWithValues: folders)
    }

    /// The folder of the store that a location names, in one spelling: `mlflow-artifacts:///5/` is `5`.
    private static func folder(of location: String) -> String {
        guard let colon = location.firstIndex(of: ":") else { return location }
        var path = location[colon...].dropFirst()
        if path.hasPrefix("//"), !path.hasPrefix("///") { path = path.dropFirst(2).drop { $0 != "/" } }
        if let proxy = path.firstRange(of: "/mlflow-artifacts/artifacts/") {
            path = path[proxy.upperBound...]
        }
        return path.split(separator: "/").joined(separator: "/")
    }
}
