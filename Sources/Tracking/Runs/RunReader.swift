import Core
import Database

/// Reads whole runs: a sweep over each table for a page of them.
struct RunReader {
    let names: NameTable
    let connection: any Connection

    private struct Parts {
        var metrics: [Metric] = []
        var params: [Param] = []
        var tags: [Tag] = []
        var datasets: [DatasetInput] = []
        var modelInputs: [String] = []
        var modelOutputs: [ModelOutput] = []
    }

    /// Where the runs of keys stand in the answer; rows come sorted by run, so the last place is mostly the next.
    private struct Places {
        private var index: [Int64: Int] = [:]
        private var last: (key: Int64, index: Int)

        init(_ keys: [Int64]) {
            for (place, key) in keys.enumerated() { index[key] = place }
            last = (keys[0], index[keys[0]] ?? 0)
        }

        mutating func of(_ key: Int64) -> Int {
            if key == last.key { return last.index }
            guard let place = index[key] else { preconditionFailure("a row of a run that was not asked for") }
            last = (key, place)
            return place
        }
    }

    /// The runs of keys, in their order.
    func load(_ keys: [Int64]) throws -> [Run] {
        guard !keys.isEmpty else { return [] }
        var places = Places(keys)
        var parts = [Parts](repeating: Parts(), count: keys.count)
        try readPairs("params", keys) { parts[places.of($0)].params.append(Param(key: $1, value: $2)) }
        try readPairs("tags", keys) { parts[places.of($0)].tags.append(Tag(key: $1, value: $2)) }
        try readMetrics(keys) { parts[places.of($0)].metrics.append($1) }
        try readDatasets(keys) { parts[places.of($0)].datasets.append($1) }
        try readModels(keys) { key, isOutput, output in
            if isOutput {
                parts[places.of(key)].modelOutputs.append(output)
            } else {
                parts[places.of(key)].modelInputs.append(output.modelID)
            }
        }
        var runs = [Run?](repeating: nil, count: keys.count)
        try readInfos(keys) { key, info in
            let index = places.of(key)
            let part = parts[index]
            runs[index] = Run(
                info: info,
                metrics: part.metrics,
                params: part.params,
                tags: part.tags,
                datasets: part.datasets,
                modelInputs: part.modelInputs,
                modelOutputs: part.modelOutputs
            )
        }
        return runs.compactMap(\.self)
    }

    private func readInfos(_ keys: [Int64], _ body: (Int64, RunInfo) -> Void) throws {
        try connection.forEach(
            """
            SELECT r.run_key, r.run_uuid, e.experiment_id, r.name, r.user_id, r.status, r.start_time, r.end_time,
                r.artifact_uri, r.lifecycle_stage
            FROM runs r JOIN experiments e ON e.experiment_key = r.experiment_key
            WHERE r.run_key \(anyOf: keys)
            """
        ) { row in
            body(
                row.int(0),
                RunInfo(
                    id: row.text(1),
                    experimentID: row.int(2),
                    name: row.text(3),
                    userID: row.text(4),
                    status: RunStatus(rawValue: row.int(5)) ?? .failed,
                    startTime: row.int(6),
                    endTime: row.optionalInt(7),
                    artifactURI: row.text(8),
                    stage: LifecycleStage(rawValue: row.text(9)) ?? .deleted
                )
            )
        }
    }

    /// Rows of a table of key and value; the names come in the order in which they were first logged.
    private func readPairs(_ table: String, _ keys: [Int64], _ body: (Int64, String, String) -> Void) throws {
        var found: [(run: Int64, name: Int64, value: String)] = []
        try connection.forEach(
            "SELECT run_key, name_id, value FROM \(SQL(trusted: table)) WHERE run_key \(anyOf: keys) ORDER BY run_key, name_id"
        ) { found.append(($0.int(0), $0.int(1), $0.text(2))) }
        let words = try names.names(of: Set(found.map(\.name)), in: connection)
        for (run, name, value) in found { body(run, words[name] ?? "", value) }
    }

    private func readMetrics(_ keys: [Int64], _ body: (Int64, Metric) -> Void) throws {
        var found: [(run: Int64, name: Int64, value: Double, timestamp: Int64, step: Int64)] = []
        try connection.forEach(
            """
            SELECT run_key, name_id, value, timestamp, step, is_nan
            FROM latest_metrics WHERE run_key \(anyOf: keys) ORDER BY run_key, name_id
            """
        ) { row in
            found.append((row.int(0), row.int(1), row.bool(5) ? .nan : row.double(2), row.int(3), row.int(4)))
        }
        let words = try names.names(of: Set(found.map(\.name)), in: connection)
        for (run, name, value, timestamp, step) in found {
            body(run, Metric(key: words[name] ?? "", value: value, timestamp: timestamp, step: step))
        }
    }

    private func readDatasets(_ keys: [Int64], _ body: (Int64, DatasetInput) -> Void) throws {
        struct Use: Hashable {
            let run: Int64
            let dataset: Int64
        }
        var uses: [(use: Use, dataset: Dataset)] = []
        try connection.forEach(
            """
            SELECT u.run_key, d.dataset_key, d.name, d.digest, d.source_type, d.source, d.schema, d.profile
            FROM run_datasets u JOIN datasets d ON d.dataset_key = u.dataset_key
            WHERE u.run_key \(anyOf: keys) ORDER BY u.run_key, d.dataset_key
            """
        ) { row in
            uses.append(
                (
                    Use(run: row.int(0), dataset: row.int(1)),
                    Dataset(
                        name: row.text(2),
                        digest: row.text(3),
                        sourceType: row.text(4),
                        source: row.text(5),
                        schema: row.optionalText(6),
                        profile: row.optionalText(7)
                    )
                )
            )
        }
        guard !uses.isEmpty else { return }
        var tags: [Use: [Tag]] = [:]
        try connection.forEach(
            """
            SELECT run_key, dataset_key, key, value FROM run_dataset_tags
            WHERE run_key \(anyOf: keys) ORDER BY run_key, dataset_key, key
            """
        ) { row in
            tags[Use(run: row.int(0), dataset: row.int(1)), default: []]
                .append(Tag(key: row.text(2), value: row.text(3)))
        }
        for (use, dataset) in uses { body(use.run, DatasetInput(dataset: dataset, tags: tags[use] ?? [])) }
    }

    private func readModels(_ keys: [Int64], _ body: (Int64, Bool, ModelOutput) -> Void) throws {
        try connection.forEach(
            """
            SELECT run_key, direction, model_id, step FROM run_models
            WHERE run_key \(anyOf: keys) ORDER BY run_key, direction, step, model_id
            """
        ) { row in
            body(row.int(0), row.text(1) == "output", ModelOutput(modelID: row.text(2), step: row.int(3)))
        }
    }
}
