import Database

extension RunStore {
    /// Histories thinned by step to what a chart can show; the first point and the last are kept.
    ///
    /// What is read grows with the points that are returned and not with those that were logged, unless ranges are asked for,
    /// which look at every point.
    ///
    /// - Parameters:
    ///   - keys: The names of metrics.
    ///   - ids: The runs.
    ///   - steps: Only points of these steps; nil for all.
    ///   - limit: How many points of a curve at about the most.
    ///   - hasRanges: Whether points say how far the curve reaches up to the next; without effect where that would mean to
    ///     look at more points than somebody waits for.
    /// - Returns: The curves by run and then by key, in the order in which they were asked for; without points for a metric
    ///   that was never logged or a run that the caller cannot see.
    /// - Throws: `DatabaseError`.
    package func curves(
        of keys: [String],
        in ids: [String],
        steps: ClosedRange<Int64>?,
        limit: Int,
        hasRanges: Bool
    ) async throws -> [Curve] {
        let share = (ids.count + Self.readersOfCurves - 1) / Self.readersOfCurves
        let parts = stride(from: 0, to: ids.count, by: max(share, 1)).map { Array(ids[$0...].prefix(share)) }
        let wish = CurveWish(keys: keys, steps: steps, limit: limit, hasRanges: hasRanges)
        return try await withThrowingTaskGroup(of: (Int, [Curve]).self) { group in
            for (place, part) in parts.enumerated() {
                group.addTask { (place, try await curves(wish, in: part)) }
            }
            var found = [[Curve]](repeating: [], count: parts.count)
            for try await (place, curves) in group { found[place] = curves }
            return found.flatMap(\.self)
        }
    }

    /// How many read at once for one chart, so that others still find a free reader.
    private static let readersOfCurves = 3

    private func curves(_ wish: CurveWish, in ids: [String]) async throws -> [Curve] {
        try await database.read { connection in
            var curves: [Curve] = []
            for id in ids {
                guard let run = try find(id, in: connection) else {
                    curves += wish.keys.map { .none($0, of: id) }
                    continue
                }
                for key in wish.keys { curves.append(try curve(of: key, in: run, id, wish, connection)) }
            }
            return curves
        }
    }

    private func curve(
        of key: String,
        in run: Found,
        _ id: String,
        _ wish: CurveWish,
        _ connection: any Connection
    ) throws -> Curve {
        guard let summary = try summary(of: key, in: run, connection) else { return .none(key, of: id) }
        let first = max(summary.firstStep, wish.steps?.lowerBound ?? .min)
        let last = min(summary.lastStep, wish.steps?.upperBound ?? .max)
        guard first <= last else { return .none(key, of: id) }
        let reader = CurveReader(
            runKey: run.key,
            key: key,
            summary: summary,
            steps: first...last,
            limit: wish.limit,
            hasRanges: wish.hasRanges,
            connection: connection
        )
        let (points, isThinned) = try reader.read()
        return Curve(run: id, key: key, points: points, isThinned: isThinned)
    }
}

/// What is asked of each run.
private struct CurveWish: Sendable {
    let keys: [String]
    let steps: ClosedRange<Int64>?
    let limit: Int
    let hasRanges: Bool
}
