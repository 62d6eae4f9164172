import Database

/// Reads one metric of one run between two steps, thinned to about as many points as are wished for.
///
/// The steps are cut into as many equal parts, and the first point of each is sought by the key of the table. Where there are
/// few steps with many points each, the times of every step are cut instead.
struct CurveReader {
    let runKey: Int64
    let key: String
    let summary: RunStore.Summary
    let steps: ClosedRange<Int64>
    let limit: Int
    let hasRanges: Bool
    let connection: any Connection

    func read() throws -> (points: [CurvePoint], isThinned: Bool) {
        if let count = regularCount, count <= limit {
            let sampler = HistorySampler(
                runKey: runKey,
                nameID: summary.nameID,
                key: key,
                steps: steps,
                limit: limit,
                connection: connection
            )
            return (try sampler.points(of: summary).map(CurvePoint.init), false)
        }
        if regularCount == nil {
            let all = try firstRows(limit + 1)
            if all.count <= limit { return (all, false) }
        }
        var points = try parts()
        if let last = try lastRow(), points.last.map({ !last.isSamePlace(as: $0) }) ?? true {
            points.append(last)
        }
        return (points, true)
    }

    /// How many points there are where all lie the same distance apart; nil where they do not, or where sums of steps might
    /// run over.
    private var regularCount: Int? {
        guard summary.stride >= 0 else { return nil }
        let (distance, overflow) = steps.upperBound.subtractingReportingOverflow(steps.lowerBound)
        return overflow ? nil : Int(distance / max(summary.stride, 1)) + 1
    }

    private func parts() throws -> [CurvePoint] {
        let first = CurveParts.clamped(steps.lowerBound)
        let last = CurveParts.clamped(steps.upperBound)
        let count = last - first + 1
        guard count <= limit / 4 else {
            let parts = CurveParts(column: "step", from: first, to: last, count: limit)
            return try read(parts, of: nil, hasRanges: hasRanges && isShort(count))
        }
        return try (first...last).flatMap { step -> [CurvePoint] in
            guard let times = try times(of: step) else { return [] }
            let parts = CurveParts(
                column: "timestamp",
                from: times.first,
                to: times.last,
                count: limit / Int(count)
            )
            return try read(parts, of: step, hasRanges: false)
        }
    }

    /// Whether somebody waits for as many points to be looked at: those of all metrics of the run lie between these.
    private func isShort(_ count: Int64) throws -> Bool {
        let names = try connection.first(
            "SELECT count(*) FROM latest_metrics WHERE run_key = \(runKey)"
        ) { $0.int(0) }
        return count / max(summary.stride, 1) <= 2_000_000 / max(names ?? 1, 1)
    }

    private func read(_ parts: CurveParts, of step: Int64?, hasRanges: Bool) throws -> [CurvePoint] {
        let rows = rows(step.map { "AND m.step = \($0)" } ?? "")
        return try connection.rows(parts.query(rows, hasRanges: hasRanges)) { row in
            let place = row.int(0)
            let low = hasRanges ? row.optionalDouble(4) : nil
            let high = hasRanges ? row.optionalDouble(5) : nil
            return CurvePoint(
                step: step ?? place,
                timestamp: row.int(1),
                value: row.bool(3) ? .nan : row.double(2),
                range: low.flatMap { low in high.map { low...max(low, $0) } }
            )
        }
    }

    private func times(of step: Int64) throws -> (first: Int64, last: Int64)? {
        let rows = rows("AND m.step = \(step)")
        return try connection.first(
            """
            SELECT (SELECT m.timestamp FROM metrics m WHERE \(rows) ORDER BY m.timestamp LIMIT 1),
                (SELECT m.timestamp FROM metrics m WHERE \(rows) ORDER BY m.timestamp DESC LIMIT 1)
            """
        ) { row in
            guard let first = row.optionalInt(0), let last = row.optionalInt(1) else { return nil }
            return (CurveParts.clamped(first), CurveParts.clamped(last))
        } ?? nil
    }

    private func firstRows(_ count: Int) throws -> [CurvePoint] {
        try connection.rows(
            """
            SELECT m.step, m.timestamp, m.value, m.is_nan FROM metrics m
            WHERE \(rows(inSteps)) ORDER BY m.step, m.timestamp, m.value, m.is_nan LIMIT \(count)
            """
        ) { CurvePoint(RunStore.point(key, $0)) }
    }

    private func lastRow() throws -> CurvePoint? {
        try connection.first(
            """
            SELECT m.step, m.timestamp, m.value, m.is_nan FROM metrics m
            WHERE \(rows(inSteps)) ORDER BY m.step DESC, m.timestamp DESC, m.value DESC, m.is_nan DESC LIMIT 1
            """
        ) { CurvePoint(RunStore.point(key, $0)) }
    }

    private var inSteps: SQL { "AND m.step BETWEEN \(steps.lowerBound) AND \(steps.upperBound)" }

    private func rows(_ more: SQL) -> SQL {
        "m.run_key = \(runKey) AND m.name_id = \(summary.nameID) \(more)"
    }
}

/// Equal parts of the steps, or of the times, of a history.
struct CurveParts {
    let column: SQL
    let first: Int64
    let last: Int64
    let width: Int64

    /// - Parameters:
    ///   - column: What is cut, `step` or `timestamp`.
    ///   - first: Where the first part begins; between the ends that `clamped` keeps.
    ///   - last: Where the last part ends, likewise.
    ///   - count: How many parts at the most.
    init(column: SQL, from first: Int64, to last: Int64, count: Int) {
        self.column = column
        self.first = first
        self.last = last
        width = (last - first) / Int64(max(count, 1)) + 1
    }

    /// Steps and times further out are not told apart, so that sums of them stay within 64 bits.
    static func clamped(_ place: Int64) -> Int64 {
        let farthest: Int64 = 1 << 60
        return min(max(place, -farthest), farthest)
    }

    /// The first row of each part that has one: the place where it lies, its time, value and whether that is NaN, and the
    /// range of the part where it is asked for.
    func query(_ rows: SQL, hasRanges: Bool) -> SQL {
        let within: SQL = "\(rows) AND m.\(column) >= f.low AND m.\(column) < f.high"
        let ranges: SQL = """
            , (SELECT min(m.value) FROM metrics m WHERE \(within) AND NOT m.is_nan),
                (SELECT max(m.value) FROM metrics m WHERE \(within) AND NOT m.is_nan)
            """
        return """
            WITH RECURSIVE parts (low, high) AS (
                SELECT CAST(\(first) AS BIGINT), CAST(\(first + width) AS BIGINT)
                UNION ALL
                SELECT high, high + \(width) FROM parts WHERE high <= \(last)
            ),
            firsts AS MATERIALIZED (
                SELECT f.low, f.high,
                    (SELECT m.\(column) FROM metrics m WHERE \(within) ORDER BY m.\(column) LIMIT 1) AS place
                FROM parts f
            )
            SELECT f.place, \(first("timestamp", rows)), \(first("value", rows)), \(first("is_nan", rows))
                \(hasRanges ? ranges : "")
            FROM firsts f WHERE f.place IS NOT NULL ORDER BY f.low
            """
    }

    private func first(_ wanted: SQL, _ rows: SQL) -> SQL {
        """
        (SELECT m.\(wanted) FROM metrics m WHERE \(rows) AND m.\(column) = f.place
            ORDER BY m.step, m.timestamp, m.value, m.is_nan LIMIT 1)
        """
    }
}

extension CurvePoint {
    init(_ point: Metric) {
        self.init(step: point.step, timestamp: point.timestamp, value: point.value, range: nil)
    }

    fileprivate func isSamePlace(as other: CurvePoint) -> Bool {
        step == other.step && timestamp == other.timestamp && value.bitPattern == other.value.bitPattern
    }
}
