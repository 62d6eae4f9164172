extension MLflowClient {
    /// A version of a registered model.
    public struct ModelVersion: Sendable, Hashable, Decodable {
        public let name: String
        /// A number.
        public let version: String
        /// Epoch milliseconds.
        public let creationTime: Int64
        /// Epoch milliseconds; nil from old servers.
        public let lastUpdateTime: Int64?
        public let description: String?
        /// `None`, `Staging`, `Production` or `Archived`.
        public let stage: String
        public let source: String
        /// Empty for none.
        public let runID: String
        public let runLink: String
        /// `PENDING_REGISTRATION`, `FAILED_REGISTRATION` or `READY`.
        public let status: String
        public let statusMessage: String?
        public let tags: [KeyValue]

        enum CodingKeys: String, CodingKey {
            case name, version, description, source, status, tags
            case creationTime = "creation_timestamp"
            case lastUpdateTime = "last_updated_timestamp"
            case stage = "current_stage"
            case runID = "run_id"
            case runLink = "run_link"
            case statusMessage = "status_message"
        }

        public init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            name = try container.text(.name)
            version = try container.text(.version)
            creationTime = try container.integer(.creationTime) ?? 0
            lastUpdateTime = try container.integer(.lastUpdateTime)
            description = try container.decodeIfPresent(String.self, forKey: .description)
            stage = try container.text(.stage)
            source = try container.text(.source)
            runID = try container.text(.runID)
            runLink = try container.text(.runLink)
            status = try container.text(.status)
            statusMessage = try container.decodeIfPresent(String.self, forKey: .statusMessage)
            tags = try container.list(.tags)
        }
    }

    /// Versions of registered models.
    ///
    /// - Parameters:
    ///   - filter: MLflow's search language, such as `name = 'iris'`; empty for all but those of prompts.
    ///   - pageSize: How many are asked for at a time.
    /// - Returns: The versions, page after page.
    public func modelVersions(filter: String = "", pageSize: Int = 1_000) -> Paged<ModelVersion> {
        Paged { token in
            let answer: ModelVersionsAnswer = try await get(
                "/api/2.0/mlflow/model-versions/search",
                search(filter, pageSize, token)
            )
            return .init(elements: answer.versions, nextPageToken: answer.nextPageToken)
        }
    }

    /// Where the files of a version lie.
    ///
    /// - Parameters:
    ///   - version: The number of the version.
    ///   - name: Its model.
    /// - Returns: The address.
    /// - Throws: ``MLflowError``, of which ``MLflowError/isMissing`` is true where there is no such version.
    public func location(ofVersion version: String, of name: String) async throws -> String {
        let answer: LocationAnswer = try await get(
            "/api/2.0/mlflow/model-versions/get-download-uri",
            [("name", name), ("version", version)]
        )
        return answer.artifact_uri
    }

    private struct LocationAnswer: Decodable {
        let artifact_uri: String
    }

    private struct ModelVersionsAnswer: Decodable {
        let versions: [ModelVersion]
        let nextPageToken: String?

        enum CodingKeys: String, CodingKey {
            case versions = "model_versions"
            case nextPageToken = "next_page_token"
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            versions = try container.list(.versions)
            nextPageToken = try container.decodeIfPresent(String.self, forKey: .nextPageToken)
        }
    }
}
