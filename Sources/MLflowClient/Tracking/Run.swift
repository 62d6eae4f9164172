extension MLflowClient {
    /// One execution of some code, with what was logged of it.
    public struct Run: Sendable, Hashable, Decodable {
        public let info: RunInfo
        public let data: RunData
        /// Datasets and models that the run used; a search leaves out the models.
        public let inputs: RunInputs
        /// Models that the run made.
        public let outputs: RunOutputs

        enum CodingKeys: String, CodingKey {
            case info, data, inputs, outputs
        }

        public init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            info = try container.decode(RunInfo.self, forKey: .info)
            data = try container.decodeIfPresent(RunData.self, forKey: .data) ?? RunData()
            inputs = try container.decodeIfPresent(RunInputs.self, forKey: .inputs) ?? RunInputs()
            outputs = try container.decodeIfPresent(RunOutputs.self, forKey: .outputs) ?? RunOutputs()
        }
    }

    /// What a run is, without what was logged.
    public struct RunInfo: Sendable, Hashable, Decodable {
        public let id: String
        public let name: String
        public let experimentID: String
        public let userID: String
        /// `RUNNING`, `SCHEDULED`, `FINISHED`, `FAILED` or `KILLED`.
        public let status: String
        /// Epoch milliseconds.
        public let startTime: Int64?
        /// Epoch milliseconds; nil until the run ends.
        public let endTime: Int64?
        public let artifactURI: String
        public let stage: LifecycleStage

        enum CodingKeys: String, CodingKey {
            case id = "run_id"
            case oldID = "run_uuid"
            case name = "run_name"
            case experimentID = "experiment_id"
            case userID = "user_id"
            case status
            case startTime = "start_time"
            case endTime = "end_time"
            case artifactURI = "artifact_uri"
            case stage = "lifecycle_stage"
        }

        public init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            let id = try container.text(.id)
            self.id = try id.isEmpty ? container.text(.oldID) : id
            name = try container.text(.name)
            experimentID = try container.text(.experimentID)
            userID = try container.text(.userID)
            status = try container.text(.status)
            startTime = try container.integer(.startTime)
            endTime = try container.integer(.endTime)
            artifactURI = try container.text(.artifactURI)
            stage = try container.decodeIfPresent(LifecycleStage.self, forKey: .stage) ?? .active
        }
    }

    /// What was logged to a run.
    public struct RunData: Sendable, Hashable, Decodable {
        /// The latest point of each metric.
        public let metrics: [Metric]
        public let params: [KeyValue]
        public let tags: [KeyValue]

        enum CodingKeys: String, CodingKey {
            case metrics, params, tags
        }

        init() { (metrics, params, tags) = ([], [], []) }

        public init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            metrics = try container.list(.metrics)
            params = try container.list(.params)
            tags = try container.list(.tags)
        }
    }

    /// What a run used.
    public struct RunInputs: Sendable, Hashable, Decodable {
        public let datasets: [DatasetInput]
        public let modelIDs: [String]

        enum CodingKeys: String, CodingKey {
            case datasets = "dataset_inputs"
            case models = "model_inputs"
        }

        init() { (datasets, modelIDs) = ([], []) }

        public init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            datasets = try container.list(.datasets)
            let models: [ModelOutput] = try container.list(.models)
            modelIDs = models.map(\.modelID)
        }
    }

    /// What a run made.
    public struct RunOutputs: Sendable, Hashable, Decodable {
        public let models: [ModelOutput]

        enum CodingKeys: String, CodingKey {
            case models = "model_outputs"
        }

        init() { models = [] }

        public init(from decoder: any Decoder) throws {
            models = try decoder.container(keyedBy: CodingKeys.self).list(.models)
        }
    }

    /// A logged model that a run made, and the step at which it did.
    public struct ModelOutput: Sendable, Hashable, Decodable {
        public let modelID: String
        public let step: Int64

        enum CodingKeys: String, CodingKey {
            case modelID = "model_id"
            case step
        }

        public init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            modelID = try container.text(.modelID)
            step = try container.integer(.step) ?? 0
        }
    }

    /// A dataset that a run used, with what is said of its use.
    public struct DatasetInput: Sendable, Hashable, Decodable {
        public let dataset: Dataset
        public let tags: [KeyValue]

        enum CodingKeys: String, CodingKey {
            case dataset, tags
        }

        public init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            dataset = try container.decode(Dataset.self, forKey: .dataset)
            tags = try container.list(.tags)
        }
    }

    /// A dataset, known by its name and digest within an experiment.
    public struct Dataset: Sendable, Hashable, Decodable {
        public let name: String
        public let digest: String
        public let sourceType: String
        public let source: String
        public let schema: String?
        public let profile: String?

        enum CodingKeys: String, CodingKey {
            case name, digest, source, schema, profile
            case sourceType = "source_type"
        }
    }
}
