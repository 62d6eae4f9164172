import Core
import Database

extension ImportStore {
    /// Adds points to the history of a run; the same point again is kept once.
    func write(
        _ points: [Metric],
        to run: String,
        _ counts: inout ImportCounts,
        in connection: any Connection
    ) throws {
        let key = try requiredKey(of: run, in: connection)
        _ = try SortedNames.load(of: experimentKey(ofRun: key, in: connection), in: connection)
        let ids = try names.intern(points.map(\.key), in: connection)
        var values: [Value] = []
        values.reserveCapacity(points.count * 6)
        for (point, id) in zip(points, ids) {
            let (value, isNaN) = point.stored
            values.append(.integer(key))
            values.append(.integer(id))
            values.append(.integer(point.step))
            values.append(.integer(point.timestamp))
            values.append(.real(value))
            values.append(.boolean(isNaN))
        }
        counts.points += try connection.insert(
            into: "metrics",
            ["run_key", "name_id", "step", "timestamp", "value", "is_nan"],
            values: values,
            "ON CONFLICT DO NOTHING"
        )
    }

    /// Works out the latest point of each metric from the history that is there now.
    ///
    /// The rule is the one of logging: the greatest by step, time and value. What is kept of the history's shape is what
    /// `HistoryShape` says; steps too far apart for a difference count as irregular.
    func finish(_ run: String, in connection: any Connection) throws {
        let key = try requiredKey(of: run, in: connection)
        try connection.execute(
            """
            WITH points AS (
                SELECT name_id, step, timestamp, value, is_nan,
                    FIRST_VALUE(step) OVER ascending AS first_step,
                    FIRST_VALUE(timestamp) OVER ascending AS first_timestamp,
                    CASE WHEN timestamp < LAG(timestamp) OVER ascending THEN 1 ELSE 0 END AS goes_back,
                    CASE
                        WHEN LAG(step) OVER ascending < -1000000000000000 OR step > 1000000000000000 THEN 0
                        ELSE step - LAG(step) OVER ascending
                    END AS gap,
                    ROW_NUMBER() OVER (
                        PARTITION BY name_id ORDER BY step DESC, timestamp DESC, value DESC, is_nan DESC
                    ) AS place
                FROM metrics WHERE run_key = \(key)
                WINDOW ascending AS (PARTITION BY name_id ORDER BY step, timestamp, value, is_nan)
            ),
            shapes AS (
                SELECT name_id, MAX(goes_back) = 0 AS is_ordered,
                    CASE
                        WHEN COUNT(*) = 1 THEN 0
                        WHEN MIN(gap) = MAX(gap) AND MIN(gap) > 0 THEN MIN(gap)
                        ELSE \(HistoryShape.irregular)
                    END AS stride
                FROM points GROUP BY name_id
            )
            INSERT INTO latest_metrics (run_key, name_id, step, timestamp, value, is_nan, first_step, first_timestamp,
                is_ordered, stride)
            SELECT CAST(\(key) AS BIGINT), p.name_id, p.step, p.timestamp, p.value, p.is_nan, p.first_step,
                p.first_timestamp, s.is_ordered, s.stride
            FROM points p JOIN shapes s ON s.name_id = p.name_id
            WHERE p.place = 1
            ON CONFLICT (run_key, name_id) DO UPDATE SET
                step = excluded.step, timestamp = excluded.timestamp, value = excluded.value,
                is_nan = excluded.is_nan, first_step = excluded.first_step,
                first_timestamp = excluded.first_timestamp, is_ordered = excluded.is_ordered,
                stride = excluded.stride
            """
        )
        try sortMetrics(of: key, in: connection)
    }

    private func sortMetrics(of run: Int64, in connection: any Connection) throws {
        let experiment = try experimentKey(ofRun: run, in: connection)
        let sorted = try SortedNames.load(of: experiment, in: connection).ids(of: .metric)
        guard !sorted.isEmpty else { return }
        try connection.execute(
            """
            UPDATE latest_metrics SET sorted_in = \(experiment)
            WHERE run_key = \(run) AND name_id \(anyOf: sorted) AND sorted_in IS NULL
            """
        )
    }

    private func experimentKey(ofRun run: Int64, in connection: any Connection) throws -> Int64 {
        let found = try connection.first("SELECT experiment_key FROM runs WHERE run_key = \(run)") {
            $0.int(0)
        }
        guard let found else { throw DatabaseError.gone("a run") }
        return found
    }

    private func requiredKey(of run: String, in connection: any Connection) throws -> Int64 {
        guard let key = try key(of: run, in: connection) else {
            throw Failure.missing("Run with id=\(run) not found")
        }
        return key
    }
}
