import Core
import Database
import Events

extension ImportStore {
    /// Finds or makes a place here for each experiment of another server; all of them in one transaction.
    ///
    /// An experiment is known by its name. A new one keeps its number where that is free here; the default experiment,
    /// whose number is `0` everywhere, becomes what it was there as long as nobody has used it here.
    ///
    /// - Parameters:
    ///   - experiments: What the other server has.
    ///   - keepsLocations: Whether artifacts stay where they are; else they move below this server's root.
    ///   - isRehearsal: Whether to say only what would be done; the number of a renumbered one is then a guess.
    /// - Returns: The places, by the numbers of the other server, and how many rows were new.
    /// - Throws: `DatabaseError` where the database fails; nothing has changed then.
    package func place(
        _ experiments: [ImportedExperiment],
        keepingLocations keepsLocations: @escaping @Sendable (ImportedExperiment) -> Bool,
        isRehearsal: Bool
    ) async throws -> (places: [Int64: ImportedPlace], counts: ImportCounts) {
        try await tracking.database.write { connection in
            var counts = ImportCounts()
            var places: [Int64: ImportedPlace] = [:]
            let first = try experiments.first { try $0.id == 0 && isAdopted($0, in: connection) }
            // Those that keep their numbers first, so that none of these is given to another.
            for experiment in experiments {
                places[experiment.id] =
                    experiment.id == first?.id
                    ? ImportedPlace(id: 0, kind: .adopted)
                    : try known(experiment, besides: first == nil ? nil : 0, in: connection)
            }
            // Its name here may be the one of another that comes.
            if let first, !isRehearsal { try adopt(first, in: connection) }
            var taken = Set(places.values.map(\.id))
            for experiment in experiments where places[experiment.id] == nil {
                guard try isFree(experiment.id, in: connection), taken.insert(experiment.id).inserted else {
                    continue
                }
                places[experiment.id] = ImportedPlace(id: experiment.id, kind: .kept)
            }
            for experiment in experiments {
                var place = places[experiment.id]
                if place == nil { place = try nextPlace(after: taken, in: connection) }
                guard let place else { continue }
                taken.insert(place.id)
                places[experiment.id] = place
                if isRehearsal { continue }
                if place.kind == .kept || place.kind == .renumbered {
                    try insert(experiment, at: place.id, keepsLocations(experiment), in: connection)
                    counts.experiments += 1
                }
                try addTags(of: experiment, at: place.id, in: connection)
            }
            return (places, counts)
        }
    }

    /// Whether the experiment `0` is here as it was made, and no other has the name that it is to have.
    private func isAdopted(_ experiment: ImportedExperiment, in connection: any Connection) throws -> Bool {
        try connection.first(
            """
            SELECT 1 FROM experiments e
            WHERE e.workspace_id = \(caller.workspace.key) AND e.experiment_id = 0
                AND e.name = \(Tracking.firstName) AND e.lifecycle_stage = 'active'
                AND e.creation_time = e.last_update_time
                AND NOT EXISTS (SELECT 1 FROM runs r WHERE r.experiment_key = e.experiment_key)
                AND NOT EXISTS (SELECT 1 FROM logged_models m WHERE m.experiment_key = e.experiment_key)
                AND NOT EXISTS (SELECT 1 FROM experiment_tags t WHERE t.experiment_key = e.experiment_key)
                AND NOT EXISTS (
                    SELECT 1 FROM experiments o
                    WHERE o.workspace_id = e.workspace_id AND o.name = \(experiment.name) AND o.experiment_id <> 0
                )
            \(.forUpdate)
            """
        ) { _ in true } ?? false
    }

    private func adopt(_ experiment: ImportedExperiment, in connection: any Connection) throws {
        let changed = try connection.execute(
            """
            UPDATE experiments SET name = \(experiment.name), lifecycle_stage = \(experiment.stage.rawValue),
                creation_time = \(experiment.creationTime), last_update_time = \(experiment.lastUpdateTime)
            WHERE workspace_id = \(caller.workspace.key) AND experiment_id = 0
                AND (name, lifecycle_stage, creation_time, last_update_time)
                    <> (\(experiment.name), \(experiment.stage.rawValue), \(experiment.creationTime),
                        \(experiment.lastUpdateTime))
            """
        )
        guard changed > 0 else { return }
        try EventLog.append(.experimentImported, to: "experiment/0", by: caller, in: connection)
    }

    private func known(
        _ experiment: ImportedExperiment,
        besides other: Int64?,
        in connection: any Connection
    ) throws -> ImportedPlace? {
        let found = try connection.first(
            """
            SELECT experiment_id FROM experiments
            WHERE workspace_id = \(caller.workspace.key) AND name = \(experiment.name)
            """
        ) { ImportedPlace(id: $0.int(0), kind: .merged) }
        return found?.id == other ? nil : found
    }

    private func isFree(_ id: Int64, in connection: any Connection) throws -> Bool {
        try connection.first(
            "SELECT 1 FROM experiments WHERE workspace_id = \(caller.workspace.key) AND experiment_id = \(id)"
        ) { _ in false } ?? true
    }

    private func nextPlace(
        after taken: Set<Int64>,
        in connection: any Connection
    ) throws -> ImportedPlace {
        var id =
            try connection.first(
                """
                SELECT next_experiment_id FROM workspaces
                WHERE workspace_id = \(caller.workspace.key) \(.forUpdate)
                """
            ) { $0.int(0) } ?? 0
        while taken.contains(id) { id += 1 }
        return ImportedPlace(id: id, kind: .renumbered)
    }

    private func insert(
        _ experiment: ImportedExperiment,
        at id: Int64,
        _ keepsLocation: Bool,
        in connection: any Connection
    ) throws {
        let location =
            keepsLocation
            ? experiment.artifactLocation
            : appending("\(id)", to: tracking.artifactRoot(in: caller.workspace))
        try connection.execute(
            """
            INSERT INTO experiments
                (workspace_id, experiment_id, name, artifact_location, lifecycle_stage, creation_time, last_update_time)
            VALUES (\(caller.workspace.key), \(id), \(experiment.name), \(location), \(experiment.stage.rawValue),
                \(experiment.creationTime), \(experiment.lastUpdateTime))
            """
        )
        try skipNumbers(upTo: id, in: connection)
        try EventLog.append(.experimentImported, to: "experiment/\(id)", by: caller, in: connection)
    }

    /// Makes the workspace count on behind a number.
    ///
    /// The random numbers of MLflow's file store have eighteen digits; no count comes as far, and none goes on from there.
    private func skipNumbers(upTo id: Int64, in connection: any Connection) throws {
        guard id < 1_000_000_000_000_000 else { return }
        try connection.execute(
            """
            UPDATE workspaces SET next_experiment_id = \(id + 1)
            WHERE workspace_id = \(caller.workspace.key) AND next_experiment_id <= \(id)
            """
        )
    }

    private func addTags(
        of experiment: ImportedExperiment,
        at id: Int64,
        in connection: any Connection
    ) throws {
        let key = try experimentKey(of: id, in: connection)
        try connection.insert(
            into: "experiment_tags",
            ["experiment_key", "key", "value"],
            values: experiment.tags.flatMap { [.integer(key), .text($0.key), .text($0.value)] },
            "ON CONFLICT DO NOTHING"
        )
    }
}
