extension MLflowClient {
    /// A name under which versions of a model are kept.
    public struct RegisteredModel: Sendable, Hashable, Decodable {
        public let name: String
        /// Epoch milliseconds.
        public let creationTime: Int64
        /// Epoch milliseconds; nil from old servers.
        public let lastUpdateTime: Int64?
        public let description: String?
        public let tags: [KeyValue]
        public let aliases: [Alias]

        /// A name for one version of a model.
        public struct Alias: Sendable, Hashable, Decodable {
            public let alias: String
            public let version: String
        }

        enum CodingKeys: String, CodingKey {
            case name, description, tags, aliases
            case creationTime = "creation_timestamp"
            case lastUpdateTime = "last_updated_timestamp"
        }

        public init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            name = try container.text(.name)
            creationTime = try container.integer(.creationTime) ?? 0
            lastUpdateTime = try container.integer(.lastUpdateTime)
            description = try container.decodeIfPresent(String.self, forKey: .description)
            tags = try container.list(.tags)
            aliases = try container.list(.aliases)
        }
    }

    /// Registered models by name.
    ///
    /// - Parameters:
    ///   - filter: MLflow's search language, such as `name LIKE 'iris%'`; empty for all but prompts.
    ///   - pageSize: How many are asked for at a time.
    /// - Returns: The models, page after page.
    public func registeredModels(filter: String = "", pageSize: Int = 100) -> Paged<RegisteredModel> {
        Paged { token in
            let answer: RegisteredModelsAnswer = try await get(
                "/api/2.0/mlflow/registered-models/search",
                search(filter, pageSize, token)
            )
            return .init(elements: answer.models, nextPageToken: answer.nextPageToken)
        }
    }

    func search(_ filter: String, _ pageSize: Int, _ token: String?) -> [(String, String)] {
        [("max_results", "\(pageSize)")] + (filter.isEmpty ? [] : [("filter", filter)])
            + (token.map { [("page_token", $0)] } ?? [])
    }

    private struct RegisteredModelsAnswer: Decodable {
        let models: [RegisteredModel]
        let nextPageToken: String?

        enum CodingKeys: String, CodingKey {
            case models = "registered_models"
            case nextPageToken = "next_page_token"
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            models = try container.list(.models)
            nextPageToken = try container.decodeIfPresent(String.self, forKey: .nextPageToken)
        }
    }
}
