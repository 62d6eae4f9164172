import Core
import Database
import Events

extension ImportStore {
    func write(_ run: ImportedRun, _ counts: inout ImportCounts, in connection: any Connection) throws {
        let (key, experiment) = try upsert(run, &counts, in: connection)
        var values = try RunValues(
            run: key,
            experiment: experiment,
            hasLongValues: (run.params.map(\.value) + run.tags.map(\.value)).contains(
                where: SortedNames.isLong
            ),
            in: connection
        )
        let params = zip(try names.intern(run.params.map(\.key), in: connection), run.params.map(\.value))
        counts.params += try values.write(params.map { ($0, $1) }, of: .param, .keep, in: connection)
        let tags = zip(try names.intern(run.tags.map(\.key), in: connection), run.tags.map(\.value))
        counts.tags += try values.write(tags.map { ($0, $1) }, of: .tag, .keep, in: connection)
        for input in run.datasets { try add(input, to: key, experiment, &counts, in: connection) }
        try addModels(of: run, key, in: connection)
    }

    /// Makes the run, or brings one up to date that had not ended when it came before.
    ///
    /// One that is known stays in its experiment, which may have another name by now, and its artifacts where they are if
    /// that is in this server.
    ///
    /// - Returns: Its key, and that of its experiment.
    private func upsert(
        _ run: ImportedRun,
        _ counts: inout ImportCounts,
        in connection: any Connection
    ) throws -> (key: Int64, experiment: Int64) {
        let experiment = try experimentKey(of: run.experimentID, in: connection)
        let isKnown = try key(of: run.id, in: connection) != nil
        let deletedTime = run.stage == .deleted ? run.deletedTime ?? connection.nowMs : nil
        let found = try connection.first(
            """
            INSERT INTO runs (workspace_id, run_uuid, experiment_key, name, user_id, status, start_time, end_time,
                deleted_time, lifecycle_stage, artifact_uri)
            VALUES (\(caller.workspace.key), \(run.id), \(experiment), \(run.name), \(run.userID),
                \(run.status.rawValue), \(run.startTime), \(run.endTime), \(deletedTime), \(run.stage.rawValue),
                \(run.artifactURI))
            ON CONFLICT (workspace_id, run_uuid) DO UPDATE SET
                end_time = CASE WHEN runs.status IN (1, 2) THEN excluded.end_time ELSE runs.end_time END,
                status = CASE WHEN runs.status IN (1, 2) THEN excluded.status ELSE runs.status END,
                artifact_uri = CASE WHEN \(isHere("runs.artifact_uri")) THEN runs.artifact_uri
                    ELSE excluded.artifact_uri END
            RETURNING run_key, experiment_key
            """
        ) { (key: $0.int(0), experiment: $0.int(1)) }
        guard let found else { preconditionFailure("an upsert returns its row") }
        if !isKnown {
            counts.runs += 1
            try EventLog.append(.runImported, to: "run/\(run.id)", by: caller, in: connection)
        }
        return found
    }

    private func add(
        _ input: DatasetInput,
        to run: Int64,
        _ experiment: Int64,
        _ counts: inout ImportCounts,
        in connection: any Connection
    ) throws {
        let key = try connection.datasetKey(of: input.dataset, experimentKey: experiment)
        counts.datasets += try connection.execute(
            "INSERT INTO run_datasets (run_key, dataset_key) VALUES (\(run), \(key)) ON CONFLICT DO NOTHING"
        )
        try connection.insert(
            into: "run_dataset_tags",
            ["run_key", "dataset_key", "key", "value"],
            values: input.tags.flatMap { [.integer(run), .integer(key), .text($0.key), .text($0.value)] },
            "ON CONFLICT DO NOTHING"
        )
    }

    private func addModels(of run: ImportedRun, _ key: Int64, in connection: any Connection) throws {
        let inputs: [[Value]] = run.modelInputs.map {
            [.integer(key), .text("input"), .text($0), .integer(0)]
        }
        let outputs: [[Value]] = run.modelOutputs.map {
            [.integer(key), .text("output"), .text($0.modelID), .integer($0.step)]
        }
        try connection.insert(
            into: "run_models",
            ["run_key", "direction", "model_id", "step"],
            values: (inputs + outputs).flatMap(\.self),
            "ON CONFLICT DO NOTHING"
        )
    }

    func key(of run: String, in connection: any Connection) throws -> Int64? {
        try connection.first(
            """
            SELECT run_key FROM runs
            WHERE workspace_id = \(caller.workspace.key) AND run_uuid = \(run) \(.forUpdate)
            """
        ) { $0.int(0) }
    }
}
