import Core
import Database

/// Reads whole runs: a sweep over each table for a page of them.
struct RunReader {
    let names: NameTable
    let connection: any Connection

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

    /// The names that a page needs, each at the place where it was first met.
    private struct Words {
        private var places: [Int64: Int] = [:]
        private var ids: [Int64] = []
        private var next = 0

        mutating func place(of id: Int64) -> Int {
            // The names of a run mostly follow each other as those of the run before.
            let place = next < ids.count && ids[next] == id ? next : find(id)
            next = place + 1
            return place
        }

        private mutating func find(_ id: Int64) -> Int {
            if let place = places[id] { return place }
            places[id] = ids.count
            ids.append(id)
            return ids.count - 1
        }

        func read(_ names: NameTable, in connection: any Connection) throws -> [String] {
            let words = try names.names(of: Set(ids), in: connection)
            return try ids.map { id in
                guard let word = words[id] else { throw DatabaseError.gone("the name \(id)") }
                return word
            }
        }
    }

    /// The runs of keys, in their order.
    func load(_ keys: [Int64]) throws -> [Run] {
        guard !keys.isEmpty else { return [] }
        var places = Places(keys)
        var words = Words()
        var params = PairRows(runCount: keys.count)
        try readPairs("params", keys) { params.append($2, name: words.place(of: $1), of: places.of($0)) }
        var tags = PairRows(runCount: keys.count)
        try readPairs("tags", keys) { tags.append($2, name: words.place(of: $1), of: places.of($0)) }
        let metrics = try readMetrics(keys, &places, &words)
        let has = try findInputs(keys)
        var datasets: [Int: [DatasetInput]] = [:]
        if has.datasets { try readDatasets(keys) { datasets[places.of($0), default: []].append($1) } }
        var inputs: [Int: [String]] = [:]
        var outputs: [Int: [ModelOutput]] = [:]
        if has.models {
            try readModels(keys) { key, isOutput, output in
                if isOutput {
                    outputs[places.of(key), default: []].append(output)
                } else {
                    inputs[places.of(key), default: []].append(output.modelID)
                }
            }
        }
        var infos = [RunInfo?](repeating: nil, count: keys.count)
        try readInfos(keys) { infos[places.of($0)] = $1 }
        let page = RunPage(
            infos: infos.compactMap(\.self),
            names: try words.read(names, in: connection),
            metrics: metrics,
            params: params,
            tags: tags,
            datasets: datasets,
            modelInputs: inputs,
            modelOutputs: outputs
        )
        guard page.infos.count == keys.count else { throw DatabaseError.gone("a run") }
        return page.runs
    }

    /// What there is of a run beside what was logged.
    func info(of key: Int64) throws -> RunInfo {
        var found: RunInfo?
        try readInfos([key]) { found = $1 }
        guard let found else { throw DatabaseError.gone("a run") }
        return found
    }

    func readInfos(_ keys: [Int64], _ body: (Int64, RunInfo) -> Void) throws {
        try connection.forEach(
            """
            SELECT r.run_key, r.run_uuid, e.experiment_id, r.name, r.user_id, r.status, r.start_time, r.end_time,
                r.artifact_uri, r.lifecycle_stage
            FROM runs r JOIN experiments e ON e.experiment_key = r.experiment_key
            WHERE r.run_key \(oneOf: keys)
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

    /// Rows of a table of name and value; those of a run come in the order in which the names were first logged.
    private func readPairs(
        _ table: SQL,
        _ keys: [Int64],
        _ body: (_ run: Int64, _ name: Int64, UnsafeBufferPointer<UInt8>) -> Void
    ) throws {
        try connection.forEach(
            "SELECT run_key, name_id, value FROM \(table) WHERE run_key \(oneOf: keys) ORDER BY run_key, name_id"
        ) { row in
            let (run, name) = (row.int(0), row.int(1))
            row.withUTF8(2) { body(run, name, $0) }
        }
    }

    private func readMetrics(
        _ keys: [Int64],
        _ places: inout Places,
        _ words: inout Words
    ) throws -> RunRows<MetricRow> {
        var metrics = RunRows<MetricRow>(runCount: keys.count)
        try connection.forEach(
            """
            SELECT run_key, name_id, value, timestamp, step, is_nan
            FROM latest_metrics WHERE run_key \(oneOf: keys) ORDER BY run_key, name_id
            """
        ) { row in
            metrics.append(
                MetricRow(
                    name: words.place(of: row.int(1)),
                    value: row.bool(5) ? .nan : row.double(2),
                    timestamp: row.int(3),
                    step: row.int(4)
                ),
                of: places.of(row.int(0))
            )
        }
        return metrics
    }

    /// What there may be of runs beside values: most have neither, and two tables are not read then.
    private func findInputs(_ keys: [Int64]) throws -> (datasets: Bool, models: Bool) {
        guard let first = keys.min(), let last = keys.max() else { return (false, false) }
        let found = try connection.first(
            """
            SELECT EXISTS (SELECT 1 FROM run_datasets WHERE run_key BETWEEN \(first) AND \(last)),
                EXISTS (SELECT 1 FROM run_models WHERE run_key BETWEEN \(first) AND \(last))
            """
        ) { (datasets: $0.bool(0), models: $0.bool(1)) }
        return found ?? (false, false)
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
            WHERE u.run_key \(oneOf: keys) ORDER BY u.run_key, d.dataset_key
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
            WHERE run_key \(oneOf: keys) ORDER BY run_key, dataset_key, key
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
            WHERE run_key \(oneOf: keys) ORDER BY run_key, direction, step, model_id
            """
        ) { row in
            body(row.int(0), row.text(1) == "output", ModelOutput(modelID: row.text(2), step: row.int(3)))
        }
    }
}
