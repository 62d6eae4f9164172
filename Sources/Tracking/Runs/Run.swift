package import Core

/// One execution of some code, with what was logged of it.
package struct Run: Sendable, Hashable {
    package let info: RunInfo
    /// The latest point of each metric.
    package let metrics: [Metric]
    package let params: [Param]
    package let tags: [Tag]
    package let datasets: [DatasetInput]
    package let modelInputs: [String]
    package let modelOutputs: [ModelOutput]
}

package struct RunInfo: Sendable, Hashable {
    package let id: String
    package let experimentID: Int64
    package let name: String
    package let userID: String
    package let status: RunStatus
    /// Epoch milliseconds, as all times.
    package let startTime: Int64
    package let endTime: Int64?
    package let artifactURI: String
    package let stage: LifecycleStage
}

/// The state of a run; the raw value is MLflow's number.
///
/// Source: `service.proto`, enum `RunStatus`.
package enum RunStatus: Int64, Sendable, Hashable, CaseIterable {
    case running = 1
    case scheduled = 2
    case finished = 3
    case failed = 4
    case killed = 5

    /// The word that clients see.
    package var word: String {
        switch self {
        case .running: "RUNNING"
        case .scheduled: "SCHEDULED"
        case .finished: "FINISHED"
        case .failed: "FAILED"
        case .killed: "KILLED"
        }
    }
}

/// A dataset that a run used, with what is said of its use, such as the context `training`.
package struct DatasetInput: Sendable, Hashable {
    package let dataset: Dataset
    package let tags: [Tag]

    package init(dataset: Dataset, tags: [Tag]) {
        self.dataset = dataset
        self.tags = tags
    }
}

/// A dataset, known by its name and digest within an experiment.
package struct Dataset: Sendable, Hashable {
    package let name: String
    package let digest: String
    package let sourceType: String
    package let source: String
    package let schema: String?
    package let profile: String?

    package init(
        name: String,
        digest: String,
        sourceType: String,
        source: String,
        schema: String?,
        profile: String?
    ) {
        self.name = name
        self.digest = digest
        self.sourceType = sourceType
        self.source = source
        self.schema = schema
        self.profile = profile
    }
}

/// A logged model that a run made.
package struct ModelOutput: Sendable, Hashable {
    package let modelID: String
    package let step: Int64

    package init(modelID: String, step: Int64) {
        self.modelID = modelID
        self.step = step
    }
}
