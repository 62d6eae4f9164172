package import Core

/// A model that was logged to an experiment, with what is known of it.
package struct LoggedModel: Sendable, Hashable {
    /// `m-` and 32 hexadecimal digits.
    package let id: String
    package let experimentID: Int64
    package let name: String
    package let artifactLocation: String
    /// Epoch milliseconds, as all times.
    package let creationTime: Int64
    /// When state or stage changed; params, tags and metrics do not count.
    package let lastUpdateTime: Int64
    package let status: LoggedModelStatus
    package let statusMessage: String?
    package let stage: LifecycleStage
    package let type: String?
    /// The run that made it; empty for none, and never checked.
    package let sourceRunID: String?
    package let tags: [Tag]
    package let params: [Param]
    package let metrics: [LoggedModelMetric]
}

/// A point of a metric that is about a model, with the run that measured it.
package struct LoggedModelMetric: Sendable, Hashable {
    package let metric: Metric
    package let runID: String
}

/// How far a model has come; the raw value is MLflow's number.
///
/// Source: `service.proto`, enum `LoggedModelStatus`.
package enum LoggedModelStatus: Int64, Sendable, Hashable, CaseIterable {
    case unspecified = 0
    case pending = 1
    case ready = 2
    case uploadFailed = 3

    /// The word that clients see.
    package var word: String {
        switch self {
        case .unspecified: "LOGGED_MODEL_STATUS_UNSPECIFIED"
        case .pending: "LOGGED_MODEL_PENDING"
        case .ready: "LOGGED_MODEL_READY"
        case .uploadFailed: "LOGGED_MODEL_UPLOAD_FAILED"
        }
    }
}
