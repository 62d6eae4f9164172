import Database

extension TrackingMigrations {
    /// The first point of histories whose first write was not their lowest: points before it were stored and not shown.
    ///
    /// Such a history is never ordered, so that the others are passed over; the lowest step is sought by the key of the table.
    static let firstPoints = Migration(
        "tracking 0010 first points",
        """
        WITH firsts AS MATERIALIZED (
            SELECT l.run_key, l.name_id,
                (
                    SELECT m.step FROM metrics m
                    WHERE m.run_key = l.run_key AND m.name_id = l.name_id AND m.step <= l.first_step
                    ORDER BY m.step LIMIT 1
                ) AS step,
                (
                    SELECT m.timestamp FROM metrics m
                    WHERE m.run_key = l.run_key AND m.name_id = l.name_id AND m.step <= l.first_step
                    ORDER BY m.step, m.timestamp LIMIT 1
                ) AS timestamp
            FROM latest_metrics l WHERE NOT l.is_ordered
        )
        UPDATE latest_metrics SET first_step = f.step, first_timestamp = f.timestamp
        FROM firsts f
        WHERE latest_metrics.run_key = f.run_key AND latest_metrics.name_id = f.name_id
            AND (f.step, f.timestamp) < (latest_metrics.first_step, latest_metrics.first_timestamp)
        """
    )
}
