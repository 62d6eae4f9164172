import Database

/// Thins one metric of one run evenly by row, reading little more than what it returns.
///
/// The rows that the original keeps are the first of each of `NTILE(limit)` buckets, and the last of all.
struct HistorySampler {
    let runKey: Int64
    let nameID: Int64
    let key: String
    let steps: ClosedRange<Int64>?
    let limit: Int
    let connection: any Connection

    func points(of history: RunStore.Summary) throws -> [Metric] {
        if history.stride >= 0, let regular = try regularPoints(of: history) { return regular }
        let count =
            try connection.first("SELECT count(*) FROM metrics WHERE \(rows)") { Int($0.int(0)) } ?? 0
        return try pointsByRank(Self.ranks(ofRows: count, limit: limit))
    }

    /// Which rows of so many are kept, counted from 0.
    static func ranks(ofRows count: Int, limit: Int) -> [Int] {
        guard count > limit else { return Array(0..<max(count, 0)) }
        let (size, larger) = count.quotientAndRemainder(dividingBy: limit)
        var ranks = (0..<limit).map { $0 * size + min($0, larger) }
        ranks[limit - 1] = count - 1
        return ranks
    }

    /// The points of a history whose steps all lie the same distance apart: the n-th row is known by its step.
    private func regularPoints(of history: RunStore.Summary) throws -> [Metric]? {
        let stride = max(history.stride, 1)
        var first = history.firstStep
        var last = history.lastStep
        if let steps {
            if steps.lowerBound > first {
                let (distance, overflow) = steps.lowerBound.subtractingReportingOverflow(first)
                guard !overflow, steps.lowerBound <= last else { return overflow ? nil : [] }
                first += (distance + stride - 1) / stride * stride
            }
            last = min(last, steps.upperBound)
        }
        guard first <= last else { return [] }
        let (distance, overflow) = last.subtractingReportingOverflow(first)
        guard !overflow else { return nil }
        let ranks = Self.ranks(ofRows: Int(distance / stride) + 1, limit: limit)
        let wanted = ranks.map { first + Int64($0) * stride }
        return try connection.rows(
            """
            SELECT step, timestamp, value, is_nan FROM metrics
            WHERE run_key = \(runKey) AND name_id = \(nameID) AND step \(anyOf: wanted)
            ORDER BY step, timestamp, value, is_nan
            """
        ) { RunStore.point(key, $0) }
    }

    /// The rows of these ranks, each by skipping from the one before it inside the database.
    private func pointsByRank(_ ranks: [Int]) throws -> [Metric] {
        var points: [Metric] = []
        points.reserveCapacity(ranks.count)
        if ranks.count < limit || ranks.last == ranks.count - 1 {
            return try connection.rows("\(selection) LIMIT \(ranks.count)") { RunStore.point(key, $0) }
        }
        var behind: SQL = ""
        var passed = 0
        for rank in ranks {
            let point = try connection.first(
                """
                SELECT step, timestamp, value, is_nan FROM metrics WHERE \(rows) \(behind)
                ORDER BY step, timestamp, value, is_nan LIMIT 1 OFFSET \(rank - passed)
                """
            ) { RunStore.point(key, $0) }
            guard let point else { break }
            points.append(point)
            let (value, isNaN) = point.stored
            behind =
                "AND (step, timestamp, value, is_nan) > (\(point.step), \(point.timestamp), \(value), \(isNaN))"
            passed = rank + 1
        }
        return points
    }

    private var selection: SQL {
        "SELECT step, timestamp, value, is_nan FROM metrics WHERE \(rows) ORDER BY step, timestamp, value, is_nan"
    }

    private var rows: SQL {
        let inSteps: SQL = steps.map { "AND step BETWEEN \($0.lowerBound) AND \($0.upperBound)" } ?? ""
        return "run_key = \(runKey) AND name_id = \(nameID) \(inSteps)"
    }
}
