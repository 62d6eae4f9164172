import Database

/// What is known of a metric's whole history without reading it, kept beside its newest point in `latest_metrics`.
struct HistoryShape {
    /// Whether the points are sorted alike by step and by time, so that the history is read in order without sorting.
    let isOrdered: Bool
    /// The distance between the steps of any two neighbours, so that the n-th point is found by its step.
    ///
    /// 0 for a single point, `irregular` where the distances differ or a step repeats.
    let stride: Int64

    static let irregular: Int64 = -1

    /// Steps further out make a history irregular, so that sums of steps and strides stay within 64 bits.
    private static let farthestStep: Int64 = 1_000_000_000_000_000

    /// The shape of points of one metric that are sorted by step, time and value.
    init(of points: ArraySlice<MetricPoint>) {
        var isOrdered = true
        var stride: Int64 = 0
        for (previous, point) in zip(points, points.dropFirst()) {
            if point.timestamp < previous.timestamp { isOrdered = false }
            let isFar = previous.step < -Self.farthestStep || point.step > Self.farthestStep
            let gap = isFar ? 0 : point.step - previous.step
            if gap == 0 || (stride != 0 && stride != gap) {
                stride = Self.irregular
            } else if stride == 0 {
                stride = gap
            }
        }
        self.isOrdered = isOrdered
        self.stride = stride
    }

    private static let isNewer: SQL = """
        (excluded.step, excluded.timestamp, excluded.value)
        > (latest_metrics.step, latest_metrics.timestamp, latest_metrics.value)
        """

    private static let isEarlier: SQL = """
        (excluded.first_step, excluded.first_timestamp)
        < (latest_metrics.first_step, latest_metrics.first_timestamp)
        """

    /// The newest point sent again alone, as a client does that missed the answer.
    private static let isRepeated: SQL = """
        excluded.stride = 0 AND excluded.is_nan = latest_metrics.is_nan
            AND (excluded.step, excluded.timestamp, excluded.value)
                = (latest_metrics.step, latest_metrics.timestamp, latest_metrics.value)
        """

    /// Merges the shape of new points, which stand in `excluded`, into what is stored.
    ///
    /// Only points behind the newest one keep a regular history regular. The comparison keeps the difference of steps
    /// from running over.
    static let keepNewest: SQL = """
        ON CONFLICT (run_key, name_id) DO UPDATE SET
            is_ordered = latest_metrics.is_ordered AND excluded.is_ordered
                AND excluded.first_step >= latest_metrics.step
                AND excluded.first_timestamp >= latest_metrics.timestamp,
            stride = CASE
                WHEN \(isRepeated) THEN latest_metrics.stride
                WHEN latest_metrics.stride < 0 OR excluded.stride < 0
                    OR excluded.first_step <= latest_metrics.step
                    OR latest_metrics.step < \(-farthestStep) OR excluded.first_step > \(farthestStep) THEN -1
                WHEN latest_metrics.stride IN (0, excluded.first_step - latest_metrics.step)
                    AND excluded.stride IN (0, excluded.first_step - latest_metrics.step)
                    THEN excluded.first_step - latest_metrics.step
                ELSE -1
            END,
            first_step = CASE WHEN \(isEarlier) THEN excluded.first_step ELSE latest_metrics.first_step END,
            first_timestamp = CASE WHEN \(isEarlier) THEN excluded.first_timestamp
                ELSE latest_metrics.first_timestamp END,
            value = CASE WHEN \(isNewer) THEN excluded.value ELSE latest_metrics.value END,
            is_nan = CASE WHEN \(isNewer) THEN excluded.is_nan ELSE latest_metrics.is_nan END,
            step = CASE WHEN \(isNewer) THEN excluded.step ELSE latest_metrics.step END,
            timestamp = CASE WHEN \(isNewer) THEN excluded.timestamp ELSE latest_metrics.timestamp END
        """
}
