import Core
import Database

extension RunStore {
    /// Logs a batch to a run in one transaction; all of it is stored or none.
    ///
    /// Metrics repeat freely and a point that is there already is stored once; a param keeps its first value.
    ///
    /// - Parameters:
    ///   - batch: What to log; it has been checked.
    ///   - id: The run's id.
    /// - Throws: `Failure.missing` if the caller cannot see the run, `.invalid` if it is deleted or a param changes.
    /// - Source: MLflow 3.17, `SqlAlchemyStore.log_batch`.
    package func log(_ batch: Batch, to id: String) async throws {
        try await database.write { connection in
            let run = try activeRow(of: id, in: connection)
            var values = try run.values(hasLongValues: batch.hasLongValues, in: connection)
            try write(batch.params, &values, id, in: connection)
            try write(batch.metrics, to: run, values, in: connection)
            try write(batch.tags, &values, in: connection)
        }
    }

    /// Logs one param.
    ///
    /// - Parameters:
    ///   - batch: The one param, checked.
    ///   - id: The run's id.
    /// - Throws: As `log`, with the words of `log-parameter` where the value changes.
    package func logParam(_ batch: Batch, to id: String) async throws {
        try await database.write { connection in
            let run = try activeRow(of: id, in: connection)
            guard let param = batch.params.first else { return }
            var values = try run.values(hasLongValues: batch.hasLongValues, in: connection)
            if let changed = try write(new: batch.params, &values, in: connection).first {
                throw Failure.invalid(
                    "Changing param values is not allowed. Param with key='\(param.key)' was already logged with "
                        + "value='\(changed.old)' for run ID='\(id)'. Attempted logging new value '\(changed.new)'."
                )
            }
        }
    }

    private struct Change {
        let key: String
        let old: String
        let new: String
    }

    private func write(
        _ params: [Param],
        _ values: inout RunValues,
        _ id: String,
        in connection: any Connection
    ) throws {
        let changes = try write(new: params, &values, in: connection)
        guard changes.isEmpty else {
            let list = changes.map { change in
                "{'key': \(PythonText.repr(change.key)), 'old_value': \(PythonText.repr(change.old)), 'new_value': \(PythonText.repr(change.new))}"
            }.joined(separator: ", ")
            throw Failure.invalid(
                "Changing param values is not allowed. Params were already logged='[\(list)]' for run ID='\(id)'."
            )
        }
    }

    /// Stores the params that are new and tells which would change.
    private func write(
        new params: [Param],
        _ values: inout RunValues,
        in connection: any Connection
    ) throws -> [Change] {
        guard !params.isEmpty else { return [] }
        let ids = try names.intern(params.map(\.key), in: connection)
        var stored: [Int64: String] = [:]
        try connection.forEach(
            "SELECT name_id, value FROM params WHERE run_key = \(values.run) AND name_id \(anyOf: ids)"
        ) { stored[$0.int(0)] = $0.text(1) }
        var new: [(name: Int64, value: String)] = []
        var changes: [Change] = []
        for (param, id) in zip(params, ids) {
            if let old = stored[id] {
                if ExactText(old) != ExactText(param.value) {
                    changes.append(Change(key: param.key, old: old, new: param.value))
                }
            } else {
                new.append((id, param.value))
            }
        }
        guard changes.isEmpty else { return changes }
        try values.write(new, of: .param, .keep, in: connection)
        return []
    }

    private func write(_ tags: [Tag], _ values: inout RunValues, in connection: any Connection) throws {
        var last: [ExactText: String] = [:]
        for tag in tags { last[ExactText(tag.key)] = tag.value }
        if let name = last.removeValue(forKey: ExactText(RunName.tagKey)), !name.isEmpty {
            try rename(to: name, &values, in: connection)
        }
        guard !last.isEmpty else { return }
        let keys = last.keys.sorted()
        let ids = try names.intern(keys.map(\.text), in: connection)
        let pairs = zip(keys, ids).map { (name: $1, value: last[$0] ?? "") }
        try values.write(pairs, of: .tag, .replace, in: connection)
    }

    private func write(
        _ metrics: [Metric],
        to run: Found,
        _ values: RunValues,
        in connection: any Connection
    ) throws {
        guard !metrics.isEmpty else { return }
        let ids = try names.intern(metrics.map(\.key), in: connection)
        var points = zip(metrics, ids).map { MetricPoint($0, nameID: $1) }
        points.sort()
        try write(points, to: run, in: connection)
        try writeLatest(of: points, values, in: connection)
        try LoggedModelMetrics.write(metrics, ids, of: run, in: connection)
    }

    /// Adds points to the history; those that are there already stay as they are.
    ///
    /// In the order of the table's key: pages are filled one after the other, and two batches take locks alike.
    private func write(_ points: [MetricPoint], to run: Found, in connection: any Connection) throws {
        var values: [Value] = []
        values.reserveCapacity(points.count * 6)
        let isOneStep = points.allSatisfy { $0.step == points[0].step }
        for point in isOneStep ? points : points.sorted(by: { ($0.step, $0.nameID) < ($1.step, $1.nameID) }) {
            values.append(.integer(run.key))
            values.append(.integer(point.step))
            values.append(.integer(point.nameID))
            values.append(.integer(point.timestamp))
            values.append(.real(point.value))
            values.append(.boolean(point.isNaN))
        }
        try connection.insert(
            into: "metrics",
            ["run_key", "step", "name_id", "timestamp", "value", "is_nan"],
            values: values,
            "ON CONFLICT DO NOTHING"
        )
    }

    /// Keeps the newest point of each metric: the greatest by step, time and value, whenever it was written.
    private func writeLatest(
        of points: [MetricPoint],
        _ run: RunValues,
        in connection: any Connection
    ) throws {
        var values: [Value] = []
        var start = 0
        while start < points.count {
            let end = points[start...].firstIndex { $0.nameID != points[start].nameID } ?? points.count
            let shape = HistoryShape(of: points[start..<end])
            let (first, last) = (points[start], points[end - 1])
            values.append(.integer(run.run))
            values.append(.integer(last.nameID))
            values.append(.integer(last.step))
            values.append(.integer(last.timestamp))
            values.append(.real(last.value))
            values.append(.boolean(last.isNaN))
            values.append(.integer(first.step))
            values.append(.integer(first.timestamp))
            values.append(.boolean(shape.isOrdered))
            values.append(.integer(shape.stride))
            values.append(run.place(of: .metric, last.nameID))
            start = end
        }
        try connection.insert(
            into: "latest_metrics",
            [
                "run_key", "name_id", "step", "timestamp", "value", "is_nan", "first_step", "first_timestamp",
                "is_ordered", "stride", "sorted_in",
            ],
            values: values,
            HistoryShape.keepNewest
        )
    }
}

/// A point of a metric as it is stored, in the order of its history.
struct MetricPoint: Comparable {
    let nameID: Int64
    let step: Int64
    let timestamp: Int64
    let value: Double
    let isNaN: Bool

    init(_ metric: Metric, nameID: Int64) {
        self.nameID = nameID
        step = metric.step
        timestamp = metric.timestamp
        (value, isNaN) = metric.stored
    }

    static func < (left: MetricPoint, right: MetricPoint) -> Bool {
        if left.nameID != right.nameID { return left.nameID < right.nameID }
        if left.step != right.step { return left.step < right.step }
        if left.timestamp != right.timestamp { return left.timestamp < right.timestamp }
        return left.value < right.value
    }
}
