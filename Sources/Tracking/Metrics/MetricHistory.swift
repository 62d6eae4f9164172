package import Core
import Database

/// A place in the history of a metric: behind which point the next page begins.
package struct HistoryPosition: Sendable, Hashable {
    let timestamp: Int64
    let step: Int64
    let value: Double
    let isNaN: Bool
}

/// A page of a metric's history, and where it goes on; nil at the end.
package struct HistoryPage: Sendable {
    package let points: [Metric]
    package let next: HistoryPosition?
}

extension RunStore {
    /// The history of a metric in the order of time, step and value.
    ///
    /// - Parameters:
    ///   - key: The name of the metric.
    ///   - id: The run's id.
    ///   - after: Where the page begins; nil for the first.
    ///   - limit: How many points at the most.
    /// - Returns: The points; none for a metric that was never logged or a run that the caller cannot see.
    /// - Throws: `DatabaseError`.
    package func history(
        of key: String,
        in id: String,
        after: HistoryPosition?,
        limit: Int
    ) async throws -> HistoryPage {
        try await database.read { connection in
            guard let run = try find(id, in: connection),
                let found = try summary(of: key, in: run, connection)
            else { return HistoryPage(points: [], next: nil) }
            // The same order either way; the first is that of the table.
            let order: SQL =
                found.isOrdered ? "step, timestamp, value, is_nan" : "timestamp, step, value, is_nan"
            let place = try self.place(of: found, in: run, after: after, limit: limit, connection)
            var points = try connection.rows(
                """
                SELECT step, timestamp, value, is_nan FROM metrics
                WHERE run_key = \(run.key) AND name_id = \(found.nameID) \(place)
                ORDER BY \(order) LIMIT \(limit + 1)
                """
            ) { Self.point(key, $0) }
            guard points.count > limit else { return HistoryPage(points: points, next: nil) }
            points.removeLast()
            return HistoryPage(points: points, next: points.last.map(HistoryPosition.init))
        }
    }

    /// Points of several runs, ordered by run, time, step and value; runs that are not there are passed over.
    package func histories(
        of key: String,
        in ids: [String],
        limit: Int
    ) async throws -> [(run: String, point: Metric)] {
        try await database.read { connection in
            guard let nameID = try names.find(key, in: connection) else { return [] }
            var result: [(run: String, point: Metric)] = []
            for id in Set(ids).sorted() where result.count < limit {
                guard let run = try find(id, in: connection) else { continue }
                try connection.forEach(
                    """
                    SELECT step, timestamp, value, is_nan FROM metrics
                    WHERE run_key = \(run.key) AND name_id = \(nameID)
                    ORDER BY timestamp, step, value, is_nan LIMIT \(limit - result.count)
                    """
                ) { result.append((id, Self.point(key, $0))) }
            }
            return result
        }
    }

    /// Points of several runs, thinned evenly by row to what a chart can show; the first and the last are kept.
    ///
    /// - Parameters:
    ///   - key: The name of the metric.
    ///   - ids: The runs.
    ///   - steps: Only points of these steps; nil for all.
    ///   - limit: How many points of a run at the most.
    /// - Returns: The points by run, in the order of the runs, sorted by step, time and value; none for a run that the
    ///   caller cannot see.
    /// - Throws: `DatabaseError`.
    /// - Source: MLflow 3.17, `SqlAlchemyStore.get_metric_history_bulk_interval`.
    package func sampledHistories(
        of key: String,
        in ids: [String],
        steps: ClosedRange<Int64>?,
        limit: Int
    ) async throws -> [(run: String, points: [Metric])] {
        try await database.read { connection in
            try ids.map { id in
                guard let run = try find(id, in: connection),
                    let found = try summary(of: key, in: run, connection)
                else { return (id, []) }
                let sampler = HistorySampler(
                    runKey: run.key,
                    nameID: found.nameID,
                    key: key,
                    steps: steps,
                    limit: limit,
                    connection: connection
                )
                return (id, try sampler.points(of: found))
            }
        }
    }

    /// Which points a page is looked for among: those behind the last page, or just those of the next steps.
    ///
    /// The table is in the order of steps, so a metric among many is read by seeking its steps where these are known.
    private func place(
        of found: Summary,
        in run: Found,
        after: HistoryPosition?,
        limit: Int,
        _ connection: any Connection
    ) throws -> SQL {
        if found.isOrdered, found.stride > 0, try isCrowded(run, connection) {
            // The place comes from the caller's token and may lie anywhere.
            let (next, isBeyond) =
                after.map { $0.step.addingReportingOverflow(found.stride) } ?? (found.firstStep, false)
            guard !isBeyond else { return "AND FALSE" }
            let steps = stride(from: next, through: found.lastStep, by: Int(found.stride)).prefix(limit + 1)
            return "AND step \(anyOf: Array(steps))"
        }
        guard let after else { return "" }
        if found.isOrdered {
            return
                "AND (step, timestamp, value, is_nan) > (\(after.step), \(after.timestamp), \(after.value), \(after.isNaN))"
        }
        return
            "AND (timestamp, step, value, is_nan) > (\(after.timestamp), \(after.step), \(after.value), \(after.isNaN))"
    }

    /// Whether so many metrics lie between two points of one that passing them costs more than a seek.
    private func isCrowded(_ run: Found, _ connection: any Connection) throws -> Bool {
        let many = 24
        let count = try connection.first(
            "SELECT count(*) FROM (SELECT 1 FROM latest_metrics WHERE run_key = \(run.key) LIMIT \(many)) AS shown"
        ) { Int($0.int(0)) }
        return count == many
    }

    /// What is known of a metric's history of a run; nil where nothing was logged.
    struct Summary {
        let nameID: Int64
        let isOrdered: Bool
        let firstStep: Int64
        let lastStep: Int64
        let stride: Int64
    }

    func summary(of key: String, in run: Found, _ connection: any Connection) throws -> Summary? {
        guard let nameID = try names.find(key, in: connection) else { return nil }
        return try connection.first(
            """
            SELECT is_ordered, first_step, step, stride FROM latest_metrics
            WHERE run_key = \(run.key) AND name_id = \(nameID)
            """
        ) {
            Summary(
                nameID: nameID,
                isOrdered: $0.bool(0),
                firstStep: $0.int(1),
                lastStep: $0.int(2),
                stride: $0.int(3)
            )
        }
    }

    /// A point of columns step, timestamp, value and is_nan.
    static func point(_ key: String, _ row: borrowing Row) -> Metric {
        Metric(key: key, value: row.bool(3) ? .nan : row.double(2), timestamp: row.int(1), step: row.int(0))
    }
}

extension HistoryPosition {
    init(_ point: Metric) {
        timestamp = point.timestamp
        step = point.step
        (value, isNaN) = point.stored
    }

    /// The position as an opaque word for clients.
    package var token: String {
        Base64.encode(Array("\(timestamp),\(step),\(value.bitPattern),\(isNaN ? 1 : 0)".utf8))
    }

    /// - Throws: `Failure.invalid` for a word that this server did not make.
    package init(token: String) throws(Failure) {
        guard let bytes = Base64.decode(token) else {
            throw .invalid("Invalid page token, could not base64-decode")
        }
        let text = String(decoding: bytes, as: UTF8.self)
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count == 4, let timestamp = Int64(parts[0]), let step = Int64(parts[1]),
            let bits = UInt64(parts[2]), parts[3] == "0" || parts[3] == "1"
        else { throw .invalid("Invalid page token, decoded value=\(PythonText.repr(text))") }
        self.timestamp = timestamp
        self.step = step
        value = Double(bitPattern: bits)
        isNaN = parts[3] == "1"
    }
}
