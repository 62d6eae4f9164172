extension MLflowClient {
    /// A key with a value: a tag, or a param.
    public struct KeyValue: Sendable, Hashable, Decodable {
        public let key: String
        public let value: String

        enum CodingKeys: String, CodingKey {
            case key, value
        }

        public init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            key = try container.text(.key)
            value = try container.text(.value)
        }
    }

    /// Whether a thing is in use or in the bin.
    public enum LifecycleStage: String, Sendable, Hashable, Decodable {
        case active, deleted
    }

    /// Which stages a search looks at.
    public enum ViewType: String, Sendable, Hashable, Encodable {
        case activeOnly = "ACTIVE_ONLY"
        case deletedOnly = "DELETED_ONLY"
        case all = "ALL"
    }
}
