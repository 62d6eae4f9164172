import Core
import Database
import Tracking

extension SQLSource {
    func forEachLoggedModel(
        of experiment: Int64,
        _ body: (SourceModel) async throws -> Void
    ) async throws {
        guard schema.has("logged_models") else { return }
        var last = ""
        while true {
            let after = last
            let page = try await database.read { try models(of: experiment, after: after, in: $0) }
            for model in page { try await body(SourceModel(model: model)) }
            guard page.count == Self.modelsPerPage, let end = page.last else { return }
            last = end.id
        }
    }

    private func models(
        of experiment: Int64,
        after last: String,
        in connection: any Connection
    ) throws -> [ImportedLoggedModel] {
        let ids = try connection.rows(
            """
            SELECT model_id FROM logged_models WHERE experiment_id = \(experiment) AND model_id > \(last)
            ORDER BY model_id LIMIT \(Self.modelsPerPage)
            """
        ) { $0.text(0) }
        guard !ids.isEmpty else { return [] }
        let list = ids.map { "\($0)" as SQL }.joined(separator: ", ")
        let params = try pairs("param_key", "param_value", of: "logged_model_params", list, in: connection)
        let tags = try pairs("tag_key", "tag_value", of: "logged_model_tags", list, in: connection)
        let metrics = try metrics(of: list, in: connection)
        return try connection.rows(
            """
            SELECT model_id, name, artifact_location, creation_timestamp_ms, last_updated_timestamp_ms, status,
                status_message, lifecycle_stage, model_type, source_run_id
            FROM logged_models WHERE model_id IN (\(list)) ORDER BY model_id
            """
        ) { row in
            let id = row.text(0)
            return ImportedLoggedModel(
                id: id,
                experimentID: experiment,
                name: row.text(1),
                artifactLocation: row.text(2),
                creationTime: row.int(3),
                lastUpdateTime: row.int(4),
                status: LoggedModelStatus(rawValue: row.int(5)) ?? .unspecified,
                statusMessage: row.optionalText(6),
                stage: LifecycleStage(rawValue: row.optionalText(7) ?? "") ?? .active,
                modelType: row.optionalText(8),
                sourceRunID: row.optionalText(9),
                params: (params[id] ?? []).map { Param(key: $0.key, value: $0.value) },
                tags: (tags[id] ?? []).map { Tag(key: $0.key, value: $0.value) },
                metrics: metrics[id] ?? []
            )
        }
    }

    private func pairs(
        _ key: String,
        _ value: String,
        of table: String,
        _ ids: SQL,
        in connection: any Connection
    ) throws -> [String: [(key: String, value: String)]] {
        var found: [String: [(key: String, value: String)]] = [:]
        try connection.forEach(
            """
            SELECT model_id, \(SQL(trusted: key)), \(SQL(trusted: value)) FROM \(SQL(trusted: table))
            WHERE model_id IN (\(ids)) ORDER BY 2
            """
        ) { row in
            found[row.text(0), default: []].append((row.text(1), row.text(2)))
        }
        return found
    }

    private func metrics(
        of ids: SQL,
        in connection: any Connection
    ) throws -> [String: [ImportedLoggedModel.Point]] {
        var found: [String: [ImportedLoggedModel.Point]] = [:]
        try connection.forEach(
            """
            SELECT model_id, metric_name, metric_value, metric_timestamp_ms, metric_step, run_id, dataset_name,
                dataset_digest
            FROM logged_model_metrics WHERE model_id IN (\(ids))
            ORDER BY model_id, metric_name, metric_step, metric_timestamp_ms
            """
        ) { row in
            let metric = Metric(
                key: row.text(1),
                value: row.optionalDouble(2) ?? .nan,
                timestamp: row.int(3),
                step: row.int(4),
                datasetName: row.optionalText(6),
                datasetDigest: row.optionalText(7)
            )
            found[row.text(0), default: []].append(.init(metric: metric, runID: row.text(5)))
        }
        return found
    }
}
