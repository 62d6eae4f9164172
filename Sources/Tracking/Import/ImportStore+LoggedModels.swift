import Core
import Database
import Events

extension ImportStore {
    func write(
        _ model: ImportedLoggedModel,
        _ counts: inout ImportCounts,
        in connection: any Connection
    ) throws {
        let key = try upsert(model, &counts, in: connection)
        try add(model.params.map { ($0.key, $0.value) }, to: "logged_model_params", key, in: connection)
        try add(model.tags.map { ($0.key, $0.value) }, to: "logged_model_tags", key, in: connection)
        try addPoints(of: model, key, in: connection)
    }

    private func add(
        _ pairs: [(key: String, value: String)],
        to table: String,
        _ model: Int64,
        in connection: any Connection
    ) throws {
        let ids = try names.intern(pairs.map(\.key), in: connection)
        try connection.insert(
            into: table,
            ["model_key", "name_id", "value"],
            values: zip(pairs, ids).flatMap { [.integer(model), .integer($1), .text($0.value)] },
            "ON CONFLICT DO NOTHING"
        )
    }

    /// Makes the model, or brings one up to date that was still on its way (`PENDING` is 1) when it came before.
    private func upsert(
        _ model: ImportedLoggedModel,
        _ counts: inout ImportCounts,
        in connection: any Connection
    ) throws -> Int64 {
        let experiment = try experimentKey(of: model.experimentID, in: connection)
        let isKnown =
            try connection.first(
                """
                SELECT 1 FROM logged_models
                WHERE workspace_id = \(caller.workspace.key) AND model_id = \(model.id)
                """
            ) { _ in true } ?? false
        let key = try connection.first(
            """
            INSERT INTO logged_models (workspace_id, model_id, experiment_key, name, artifact_location,
                creation_timestamp_ms, last_updated_timestamp_ms, status, lifecycle_stage, model_type, source_run_id,
                status_message)
            VALUES (\(caller.workspace.key), \(model.id), \(experiment), \(model.name), \(model.artifactLocation),
                \(model.creationTime), \(model.lastUpdateTime), \(model.status.rawValue), \(model.stage.rawValue),
                \(model.modelType), \(model.sourceRunID), \(model.statusMessage))
            ON CONFLICT (workspace_id, model_id) DO UPDATE SET
                status = CASE WHEN logged_models.status = 1 THEN excluded.status ELSE logged_models.status END,
                artifact_location = CASE
                    WHEN \(isHere("logged_models.artifact_location")) THEN logged_models.artifact_location
                    ELSE excluded.artifact_location END
            RETURNING model_key
            """
        ) { $0.int(0) }
        guard let key else { preconditionFailure("an upsert returns its row") }
        if !isKnown {
            counts.loggedModels += 1
            try EventLog.append(
                .loggedModelImported,
                to: "model/\(model.id)",
                by: caller,
                in: connection
            )
        }
        return key
    }

    private func addPoints(of model: ImportedLoggedModel, _ key: Int64, in connection: any Connection) throws
    {
        guard !model.metrics.isEmpty else { return }
        let ids = try names.intern(model.metrics.map(\.metric.key), in: connection)
        let rows = zip(model.metrics, ids).flatMap { point, id -> [Value] in
            let (value, isNaN) = point.metric.stored
            return [
                .integer(key), .integer(id), .integer(point.metric.step), .integer(point.metric.timestamp),
                .real(value), .boolean(isNaN), .text(point.runID), point.metric.datasetName.sqlValue,
                point.metric.datasetDigest.sqlValue,
            ]
        }
        try connection.insert(
            into: "logged_model_metrics",
            [
                "model_key", "name_id", "step", "timestamp", "value", "is_nan", "run_id", "dataset_name",
                "dataset_digest",
            ],
            values: rows,
            "ON CONFLICT DO NOTHING"
        )
    }
}
