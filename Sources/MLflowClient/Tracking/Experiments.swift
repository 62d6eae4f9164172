extension MLflowClient {
    /// A named set of runs.
    public struct Experiment: Sendable, Hashable, Decodable {
        public let id: String
        public let name: String
        public let artifactLocation: String
        public let stage: LifecycleStage
        /// Epoch milliseconds; nil from old servers.
        public let creationTime: Int64?
        /// Epoch milliseconds; nil from old servers.
        public let lastUpdateTime: Int64?
        public let tags: [KeyValue]

        enum CodingKeys: String, CodingKey {
            case id = "experiment_id"
            case name, tags
            case artifactLocation = "artifact_location"
            case stage = "lifecycle_stage"
            case creationTime = "creation_time"
            case lastUpdateTime = "last_update_time"
        }

        public init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            id = try container.text(.id)
            name = try container.text(.name)
            artifactLocation = try container.text(.artifactLocation)
            stage = try container.decodeIfPresent(LifecycleStage.self, forKey: .stage) ?? .active
            creationTime = try container.integer(.creationTime)
            lastUpdateTime = try container.integer(.lastUpdateTime)
            tags = try container.list(.tags)
        }
    }
}

extension MLflowClient {
    /// Experiments in the server's order.
    ///
    /// - Parameters:
    ///   - view: Active ones, deleted ones, or both.
    ///   - filter: MLflow's search language, such as `name LIKE 'iris%'`; nil for all.
    ///   - pageSize: How many are asked for at a time.
    /// - Returns: The experiments, page after page.
    public func experiments(
        view: ViewType = .activeOnly,
        filter: String? = nil,
        pageSize: Int = 1_000
    ) -> Paged<Experiment> {
        Paged { token in
            let answer: SearchAnswer = try await post(
                "/api/2.0/mlflow/experiments/search",
                Search(filter: filter, view_type: view, max_results: pageSize, page_token: token)
            )
            return .init(elements: answer.experiments, nextPageToken: answer.nextPageToken)
        }
    }

    /// The experiment with this id, active or deleted.
    ///
    /// - Parameter id: The experiment's id.
    /// - Returns: The experiment.
    /// - Throws: ``MLflowError``, of which ``MLflowError/isMissing`` is true where there is none.
    public func experiment(_ id: String) async throws -> Experiment {
        let answer: GetAnswer = try await get("/api/2.0/mlflow/experiments/get", [("experiment_id", id)])
        return answer.experiment
    }

    private struct Search: Encodable {
        let filter: String?
        let view_type: ViewType
        let max_results: Int
        let page_token: String?
    }

    private struct SearchAnswer: Decodable {
        let experiments: [Experiment]
        let nextPageToken: String?

        enum CodingKeys: String, CodingKey {
            case experiments
            case nextPageToken = "next_page_token"
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            experiments = try container.list(.experiments)
            nextPageToken = try container.decodeIfPresent(String.self, forKey: .nextPageToken)
        }
    }

    private struct GetAnswer: Decodable {
        let experiment: Experiment
    }
}
