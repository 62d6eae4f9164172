import Core
import Database
import Events

extension ImportStore {
    /// Finds or makes a place here for each experiment of another server; all of them in one transaction.
    ///
    /// The number `0` is the default experiment on both sides. Any other is known by its name. A new one keeps its number
    /// where that is free here.
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
            // Those that keep their numbers first, so that none of these is given to another.
            for experiment in experiments {
                places[experiment.id] = try known(experiment, in: connection)
            }
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
                if place.kind != .merged {
                    try insert(experiment, at: place.id, keepsLocations(experiment), in: connection)
                    counts.experiments += 1
                }
                try addTags(of: experiment, at: place.id, in: connection)
            }
            return (places, counts)
        }
    }

    private func known(
        _ experiment: ImportedExperiment,
        in connection: any Connection
    ) throws -> ImportedPlace? {
        let condition: SQL =
            experiment.id == 0 ? "experiment_id = \(experiment.id)" : "name = \(experiment.name)"
        return try connection.first(
            """
            SELECT experiment_id FROM experiments
            WHERE workspace_id = \(caller.workspace.key) AND \(condition)
            """
        ) { ImportedPlace(id: $0.int(0), kind: .merged) }
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
