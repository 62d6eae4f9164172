import Core
import Database

extension RunStore {
    /// What the last values of a metric are together, among runs that have some value in common.
    package struct MetricSummary: Sendable, Hashable {
        /// The value that the runs have in common; nil for runs that have none.
        package let value: String?
        package let metric: String
        /// How many runs have the metric, as a number.
        package let runCount: Int
        package let mean: Double
        package let least: Double
        package let greatest: Double
    }

    /// Greater numbers could be more than a number holds when they are added; infinities are stored as the greatest.
    private static let greatestAdded = 1e290

    /// The means and ends of metrics by the values of a param, a tag or an attribute.
    ///
    /// - Parameters:
    ///   - field: What runs have in common, as filters name it, such as `params.lr`.
    ///   - selection: Which runs are looked at; the newest 100 000 of them.
    ///   - metrics: The names of the metrics.
    ///   - limit: How many values at the most, the most frequent ones.
    /// - Returns: A summary for each value and metric of which some run has a number; NaN counts for nothing.
    /// - Throws: `Failure.invalid` for a wrong filter or field.
    package func summaries(
        by field: String,
        _ selection: RunSelection,
        of metrics: [String],
        limit: Int
    ) async throws -> [MetricSummary] {
        let (filter, field) = (try RunFilter.parse(selection.filter), try countedField(field))
        return try await database.read { connection in
            var keys: [Int64: String] = [:]
            for metric in metrics {
                if let id = try names.find(metric, in: connection) { keys[id] = metric }
            }
            guard !keys.isEmpty else { return [] }
            let source = try source(of: field, selection, filter, in: connection)
            let values = try connection.rows(
                """
                SELECT \(source.value) FROM \(source.runs)
                GROUP BY \(source.value) ORDER BY COUNT(*) DESC, 1 LIMIT \(limit)
                """
            ) { $0.optionalText(0) }
            let limit = Self.greatestAdded
            return try connection.rows(
                """
                SELECT \(source.value), m.name_id, COUNT(*), MIN(m.value), MAX(m.value),
                    SUM(CASE WHEN ABS(m.value) < \(limit) THEN m.value ELSE 0 END)
                FROM \(source.runs)
                JOIN latest_metrics m ON m.run_key = r.run_key AND m.name_id \(oneOf: keys.keys.sorted())
                    AND m.is_nan = FALSE
                WHERE \(source.value) \(anyOf: values.compactMap(\.self))
                    \(values.contains(nil) ? "OR \(source.value) IS NULL" : "" as SQL)
                GROUP BY \(source.value), m.name_id
                """
            ) { row in
                let (count, least, greatest) = (row.int(2), row.double(3), row.double(4))
                let mean =
                    switch (least <= -limit, greatest >= limit) {
                    case (true, true): Double.nan
                    case (true, false): -Double.infinity
                    case (false, true): Double.infinity
                    case (false, false): row.double(5) / Double(count)
                    }
                return MetricSummary(
                    value: row.optionalText(0),
                    metric: keys[row.int(1)] ?? "",
                    runCount: Int(count),
                    mean: mean,
                    least: least,
                    greatest: greatest
                )
            }
        }
    }
}
