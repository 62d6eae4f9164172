extension MLflowClient {
    /// One point of a metric.
    public struct Metric: Sendable, Hashable, Decodable {
        public let key: String
        /// NaN and infinities are themselves; a database under the server may have made infinities the largest numbers.
        public let value: Double
        /// Epoch milliseconds.
        public let timestamp: Int64
        public let step: Int64
        /// The run that measured it, where it is a metric of a logged model.
        public let runID: String?
        public let datasetName: String?
        public let datasetDigest: String?

        enum CodingKeys: String, CodingKey {
            case key, value, timestamp, step
            case runID = "run_id"
            case datasetName = "dataset_name"
            case datasetDigest = "dataset_digest"
        }

        public init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            key = try container.text(.key)
            value = try container.decodeIfPresent(Double.self, forKey: .value) ?? 0
            timestamp = try container.integer(.timestamp) ?? 0
            step = try container.integer(.step) ?? 0
            runID = try container.decodeIfPresent(String.self, forKey: .runID)
            datasetName = try container.decodeIfPresent(String.self, forKey: .datasetName)
            datasetDigest = try container.decodeIfPresent(String.self, forKey: .datasetDigest)
        }
    }
}

extension MLflowClient {
    /// Every point of a metric of a run.
    ///
    /// Servers before MLflow 3 do not page histories: theirs comes at once.
    ///
    /// - Parameters:
    ///   - key: The metric.
    ///   - run: The run's id.
    ///   - pageSize: How many points are asked for at a time, 25 000 at the most.
    /// - Returns: The points, page after page, in the server's order.
    public func history(of key: String, run: String, pageSize: Int = 25_000) -> Paged<Metric> {
        Paged { token in
            var query = [("run_id", run), ("metric_key", key), ("max_results", "\(pageSize)")]
            if let token { query.append(("page_token", token)) }
            let answer: HistoryAnswer = try await get("/api/2.0/mlflow/metrics/get-history", query)
            return .init(elements: answer.metrics, nextPageToken: answer.nextPageToken)
        }
    }

    private struct HistoryAnswer: Decodable {
        let metrics: [Metric]
        let nextPageToken: String?

        enum CodingKeys: String, CodingKey {
            case metrics
            case nextPageToken = "next_page_token"
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            metrics = try container.list(.metrics)
            nextPageToken = try container.decodeIfPresent(String.self, forKey: .nextPageToken)
        }
    }
}
