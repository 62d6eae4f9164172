/// The metric `loss` of a run that was logged for long: a noisy descent.
enum LongHistory {
    static func value(_ step: Int) -> Double {
        1000 / Double(step + 1000) + Double(mixed(UInt64(step)) % 1_000_000) / 1e8
    }

    static func timestampMs(_ step: Int) -> Int {
        RunContent.firstStartMs + step * 100
    }

    /// The steps from `first` on as one batch.
    static func batch(to run: String, from first: Int, count: Int) -> Pattern {
        let metrics = (first..<first + count).map {
            "{\"key\": \"loss\", \"value\": \(value($0)), \"timestamp\": \(timestampMs($0)), \"step\": \($0)}"
        }
        return HTTPRequest.post(
            "/api/2.0/mlflow/runs/log-batch",
            "{\"run_id\": \"\(run)\", \"metrics\": [\(metrics.joined(separator: ", "))]}"
        )
    }
}
