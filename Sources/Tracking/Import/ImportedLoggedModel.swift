package import Core

/// A logged model as another server had it.
package struct ImportedLoggedModel: Sendable, Hashable {
    package let id: String
    /// The experiment's number here, which need not be the one that it had there.
    package var experimentID: Int64
    package let name: String
    package var artifactLocation: String
    package let creationTime: Int64
    package let lastUpdateTime: Int64
    package let status: LoggedModelStatus
    package let statusMessage: String?
    package let stage: LifecycleStage
    package let modelType: String?
    package let sourceRunID: String?
    package let params: [Param]
    package let tags: [Tag]
    package let metrics: [Point]

    /// A point of a metric and the run that measured it.
    package struct Point: Sendable, Hashable {
        package let metric: Metric
        package let runID: String

        package init(metric: Metric, runID: String) {
            self.metric = metric
            self.runID = runID
        }
    }

    package init(
        id: String,
        experimentID: Int64,
        name: String,
        artifactLocation: String,
        creationTime: Int64,
        lastUpdateTime: Int64,
        status: LoggedModelStatus,
        statusMessage: String?,
        stage: LifecycleStage,
        modelType: String?,
        sourceRunID: String?,
        params: [Param],
        tags: [Tag],
        metrics: [Point]
    ) {
        self.id = id
        self.experimentID = experimentID
        self.name = name
        self.artifactLocation = artifactLocation
        self.creationTime = creationTime
        self.lastUpdateTime = lastUpdateTime
        self.status = status
        self.statusMessage = statusMessage
        self.stage = stage
        self.modelType = modelType
        self.sourceRunID = sourceRunID
        self.params = params
        self.tags = tags
        self.metrics = metrics
    }

    /// Refuses ids that are longer than those of the API, which no index of PostgreSQL would have.
    ///
    /// - Throws: `Failure.invalid`.
    package func check() throws(Failure) {
        try LoggedModelID.check(id)
        for point in metrics { try NameRules.checkLength(point.runID, limit: RunID.limit, of: "run_id") }
    }

    /// How many rows it becomes, about.
    var weight: Int { 1 + params.count + tags.count + metrics.count }
}
