extension MLflowClient {
    /// A model that was logged, with what was said and measured of it; since MLflow 3.
    public struct LoggedModel: Sendable, Hashable, Decodable {
        public let id: String
        public let name: String
        public let experimentID: String
        public let artifactURI: String
        /// Epoch milliseconds.
        public let creationTime: Int64
        /// Epoch milliseconds.
        public let lastUpdateTime: Int64
        /// `LOGGED_MODEL_PENDING`, `LOGGED_MODEL_READY` or `LOGGED_MODEL_UPLOAD_FAILED`.
        public let status: String
        public let statusMessage: String?
        public let modelType: String?
        public let sourceRunID: String?
        public let params: [KeyValue]
        public let tags: [KeyValue]
        public let metrics: [Metric]

        enum CodingKeys: String, CodingKey {
            case info, data
        }

        enum InfoKeys: String, CodingKey {
            case id = "model_id"
            case name, status, tags
            case experimentID = "experiment_id"
            case artifactURI = "artifact_uri"
            case creationTime = "creation_timestamp_ms"
            case lastUpdateTime = "last_updated_timestamp_ms"
            case statusMessage = "status_message"
            case modelType = "model_type"
            case sourceRunID = "source_run_id"
        }

        enum DataKeys: String, CodingKey {
            case params, metrics
        }

        public init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            let info = try container.nestedContainer(keyedBy: InfoKeys.self, forKey: .info)
            id = try info.text(.id)
            name = try info.text(.name)
            experimentID = try info.text(.experimentID)
            artifactURI = try info.text(.artifactURI)
            creationTime = try info.integer(.creationTime) ?? 0
            lastUpdateTime = try info.integer(.lastUpdateTime) ?? 0
            status = try info.text(.status)
            statusMessage = try info.decodeIfPresent(String.self, forKey: .statusMessage)
            modelType = try info.decodeIfPresent(String.self, forKey: .modelType)
            sourceRunID = try info.decodeIfPresent(String.self, forKey: .sourceRunID)
            tags = try info.list(.tags)
            guard container.contains(.data) else {
                (params, metrics) = ([], [])
                return
            }
            let data = try container.nestedContainer(keyedBy: DataKeys.self, forKey: .data)
            params = try data.list(.params)
            metrics = try data.list(.metrics)
        }
    }
}

extension MLflowClient {
    /// Active logged models of some experiments in the server's order.
    ///
    /// A server before MLflow 3 has none and refuses the call: ``MLflowError/isUnknownEndpoint``.
    ///
    /// - Parameters:
    ///   - experiments: The ids of the experiments.
    ///   - filter: MLflow's search language; nil for all.
    ///   - pageSize: How many are asked for at a time.
    /// - Returns: The models, page after page.
    public func loggedModels(
        of experiments: [String],
        filter: String? = nil,
        pageSize: Int = 50
    ) -> Paged<LoggedModel> {
        Paged { token in
            let answer: SearchAnswer = try await post(
                "/api/2.0/mlflow/logged-models/search",
                Search(
                    experiment_ids: experiments,
                    filter: filter,
                    max_results: pageSize,
                    page_token: token
                )
            )
            return .init(elements: answer.models, nextPageToken: answer.nextPageToken)
        }
    }

    /// The logged model with this id.
    ///
    /// - Parameters:
    ///   - id: The model's id.
    ///   - isDeletedFound: Whether a deleted model is found too; the answer does not tell it from an active one.
    /// - Returns: The model.
    /// - Throws: ``MLflowError``, of which ``MLflowError/isMissing`` is true where there is none.
    public func loggedModel(_ id: String, isDeletedFound: Bool = false) async throws -> LoggedModel {
        let answer: GetAnswer = try await get(
            "/api/2.0/mlflow/logged-models/\(PercentEncoding.encoded(id))",
            isDeletedFound ? [("allow_deleted", "true")] : []
        )
        return answer.model
    }

    private struct Search: Encodable {
        let experiment_ids: [String]
        let filter: String?
        let max_results: Int
        let page_token: String?
    }

    private struct SearchAnswer: Decodable {
        let models: [LoggedModel]
        let nextPageToken: String?

        enum CodingKeys: String, CodingKey {
            case models
            case nextPageToken = "next_page_token"
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            models = try container.list(.models)
            nextPageToken = try container.decodeIfPresent(String.self, forKey: .nextPageToken)
        }
    }

    private struct GetAnswer: Decodable {
        let model: LoggedModel
    }
}
