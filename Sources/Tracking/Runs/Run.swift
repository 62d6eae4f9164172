package import Core

/// One execution of some code, with what was logged of it.
///
/// It looks into the page that it was read with, and makes an array only where one is asked for.
package struct Run: Sendable {
    let page: RunPage
    let place: Int

    package var info: RunInfo { page.infos[place] }
    package var datasets: [DatasetInput] { page.datasets[place] ?? [] }
    package var modelInputs: [String] { page.modelInputs[place] ?? [] }
    package var modelOutputs: [ModelOutput] { page.modelOutputs[place] ?? [] }

    package var hasParams: Bool { !page.params.isEmpty(of: place) }
    package var hasTags: Bool { !page.tags.isEmpty(of: place) }

    /// The names of all that was logged of the runs that were read together, each once.
    package var names: [String] { page.names }

    /// The latest point of each metric; its name by the place among `names`.
    package var metricRows: ArraySlice<MetricRow> { page.metrics[place] }

    /// Calls `body` with the place of each param's name and its value in UTF-8, which lives as long as the call.
    package func forEachParam(_ body: (Int, UnsafeRawBufferPointer) -> Void) {
        page.params.forEach(of: place, body)
    }

    /// Calls `body` with the place of each tag's name and its value in UTF-8, which lives as long as the call.
    package func forEachTag(_ body: (Int, UnsafeRawBufferPointer) -> Void) {
        page.tags.forEach(of: place, body)
    }

    package var metrics: [Metric] {
        metricRows.map {
            Metric(key: names[$0.name], value: $0.value, timestamp: $0.timestamp, step: $0.step)
        }
    }

    package var params: [Param] {
        var params: [Param] = []
        forEachParam { params.append(Param(key: names[$0], value: String(decoding: $1, as: UTF8.self))) }
        return params
    }

    package var tags: [Tag] {
        var tags: [Tag] = []
        forEachTag { tags.append(Tag(key: names[$0], value: String(decoding: $1, as: UTF8.self))) }
        return tags
    }
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
