import Core
import Database

/// Reads whole logged models: a sweep over each table for a page of them.
struct LoggedModelReader {
    let names: NameTable
    let connection: any Connection

    /// The models of keys, in their order.
    func load(_ keys: [Int64]) throws -> [LoggedModel] {
        guard !keys.isEmpty else { return [] }
        var tags: [Int64: [Tag]] = [:]
        try readPairs("logged_model_tags", keys) { tags[$0, default: []].append(Tag(key: $1, value: $2)) }
        var params: [Int64: [Param]] = [:]
        try readPairs("logged_model_params", keys) {
            params[$0, default: []].append(Param(key: $1, value: $2))
        }
        let metrics = try readMetrics(keys)
        var models: [Int64: LoggedModel] = [:]
        try connection.forEach(
            """
            SELECT m.model_key, m.model_id, e.experiment_id, m.name, m.artifact_location, m.creation_timestamp_ms,
                m.last_updated_timestamp_ms, m.status, m.status_message, m.lifecycle_stage, m.model_type,
                m.source_run_id
            FROM logged_models m JOIN experiments e ON e.experiment_key = m.experiment_key
            WHERE m.model_key \(anyOf: keys)
            """
        ) { row in
            models[row.int(0)] = LoggedModel(
                id: row.text(1),
                experimentID: row.int(2),
                name: row.text(3),
                artifactLocation: row.text(4),
                creationTime: row.int(5),
                lastUpdateTime: row.int(6),
                status: LoggedModelStatus(rawValue: row.int(7)) ?? .unspecified,
                statusMessage: row.optionalText(8),
                stage: LifecycleStage(rawValue: row.text(9)) ?? .deleted,
                type: row.optionalText(10),
                sourceRunID: row.optionalText(11),
                tags: tags[row.int(0)] ?? [],
                params: params[row.int(0)] ?? [],
                metrics: metrics[row.int(0)] ?? []
            )
        }
        return keys.compactMap { models[$0] }
    }

    /// Rows of a table of key and value; the names come in the order in which they were first logged.
    private func readPairs(_ table: String, _ keys: [Int64], _ body: (Int64, String, String) -> Void) throws {
        var found: [(model: Int64, name: Int64, value: String)] = []
        try connection.forEach(
            """
            SELECT model_key, name_id, value FROM \(SQL(trusted: table))
            WHERE model_key \(anyOf: keys) ORDER BY model_key, name_id
            """
        ) { found.append(($0.int(0), $0.int(1), $0.text(2))) }
        let words = try names.names(of: Set(found.map(\.name)), in: connection)
        for (model, name, value) in found { body(model, words[name] ?? "", value) }
    }

    private func readMetrics(_ keys: [Int64]) throws -> [Int64: [LoggedModelMetric]] {
        struct Point {
            let model: Int64
            let name: Int64
            let runID: String
            let metric: (String) -> Metric
        }
        var found: [Point] = []
        try connection.forEach(
            """
            SELECT m.model_key, m.name_id, m.run_id, m.value, m.timestamp, m.step, m.is_nan, m.dataset_name,
                m.dataset_digest, l.model_id
            FROM logged_model_metrics m JOIN logged_models l ON l.model_key = m.model_key
            WHERE m.model_key \(anyOf: keys)
            ORDER BY m.model_key, m.name_id, m.step, m.timestamp, m.run_id
            """
        ) { row in
            let value = row.bool(6) ? .nan : row.double(3)
            let (timestamp, step, id) = (row.int(4), row.int(5), row.text(9))
            let (name, digest) = (row.optionalText(7), row.optionalText(8))
            found.append(
                Point(model: row.int(0), name: row.int(1), runID: row.text(2)) {
                    Metric(
                        key: $0,
                        value: value,
                        timestamp: timestamp,
                        step: step,
                        modelID: id,
                        datasetName: name,
                        datasetDigest: digest
                    )
                }
            )
        }
        let words = try names.names(of: Set(found.map(\.name)), in: connection)
        var metrics: [Int64: [LoggedModelMetric]] = [:]
        for point in found {
            metrics[point.model, default: []].append(
                LoggedModelMetric(metric: point.metric(words[point.name] ?? ""), runID: point.runID)
            )
        }
        return metrics
    }
}
