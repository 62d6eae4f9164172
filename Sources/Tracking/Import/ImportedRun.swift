package import Core

/// A run as another server had it, without its history.
package struct ImportedRun: Sendable, Hashable {
    package let id: String
    /// The experiment's number here, which need not be the one that it had there.
    package var experimentID: Int64
    package let name: String
    package let userID: String
    package let status: RunStatus
    package let startTime: Int64
    package let endTime: Int64?
    package let stage: LifecycleStage
    /// nil where it is not deleted, or the other server does not tell when it was.
    package let deletedTime: Int64?
    package var artifactURI: String
    package let params: [Param]
    package let tags: [Tag]
    package let datasets: [DatasetInput]
    package let modelInputs: [String]
    package let modelOutputs: [ModelOutput]

    package init(
        id: String,
        experimentID: Int64,
        name: String,
        userID: String,
        status: RunStatus,
        startTime: Int64,
        endTime: Int64?,
        stage: LifecycleStage,
        deletedTime: Int64?,
        artifactURI: String,
        params: [Param],
        tags: [Tag],
        datasets: [DatasetInput],
        modelInputs: [String],
        modelOutputs: [ModelOutput]
    ) {
        self.id = id
        self.experimentID = experimentID
        self.name = name
        self.userID = userID
        self.status = status
        self.startTime = startTime
        self.endTime = endTime
        self.stage = stage
        self.deletedTime = deletedTime
        self.artifactURI = artifactURI
        self.params = params
        self.tags = tags
        self.datasets = datasets
        self.modelInputs = modelInputs
        self.modelOutputs = modelOutputs
    }

    /// Refuses ids that are longer than those of the API, which no index of PostgreSQL would have.
    ///
    /// - Throws: `Failure.invalid`.
    package func check() throws(Failure) {
        try NameRules.checkLength(id, limit: RunID.limit, of: "run_id")
        for model in modelInputs { try LoggedModelID.check(model) }
        for output in modelOutputs { try LoggedModelID.check(output.modelID) }
    }

    /// How many rows it becomes, about.
    var weight: Int {
        1 + params.count + tags.count + datasets.count + modelInputs.count + modelOutputs.count
    }
}
