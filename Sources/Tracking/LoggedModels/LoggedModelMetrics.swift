import Core
import Database

/// The points of metrics that are also about a logged model.
enum LoggedModelMetrics {
    /// Writes those points of a run's batch that name a model; the same point sent again is kept once.
    static func write(
        _ metrics: [Metric],
        _ nameIDs: [Int64],
        of run: RunStore.Found,
        in connection: any Connection
    ) throws {
        let linked = zip(metrics, nameIDs).filter { $0.0.modelID != nil }
        guard !linked.isEmpty else { return }
        let runID = try connection.first("SELECT run_uuid FROM runs WHERE run_key = \(run.key)") {
            $0.text(0)
        }
        var keys: [ExactText: Int64] = [:]
        var values: [Value] = []
        for (metric, nameID) in linked {
            guard let modelID = metric.modelID else { continue }
            let known =
                try keys[ExactText(modelID)]
                ?? key(of: modelID, experimentKey: run.experimentKey, in: connection)
            keys[ExactText(modelID)] = known
            let (value, isNaN) = metric.stored
            values += [
                .integer(known), .integer(nameID), .integer(metric.step), .integer(metric.timestamp),
                .real(value),
                .boolean(isNaN), .text(runID ?? ""), metric.datasetName.sqlValue,
                metric.datasetDigest.sqlValue,
            ]
        }
        try connection.insert(
            into: "logged_model_metrics",
            [
                "model_key", "name_id", "step", "timestamp", "value", "is_nan", "run_id", "dataset_name",
                "dataset_digest",
            ],
            values: values,
            "ON CONFLICT DO NOTHING"
        )
    }

    private static func key(
        of modelID: String,
        experimentKey: Int64,
        in connection: any Connection
    ) throws -> Int64 {
        let key = try connection.first(
            """
            SELECT m.model_key FROM logged_models m
            JOIN experiments e ON e.workspace_id = m.workspace_id
            WHERE m.model_id = \(modelID) AND e.experiment_key = \(experimentKey)
            """
        ) { $0.int(0) }
        guard let key else { throw Failure.missing("Logged model with ID '\(modelID)' not found.") }
        return key
    }
}
