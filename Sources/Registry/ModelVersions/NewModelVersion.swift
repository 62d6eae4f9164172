package import Core

/// What a new version is made of; its source was checked by whoever knows the run or model that it belongs to.
package struct NewModelVersion: Sendable {
    let name: ModelName
    let source: String
    let storageLocation: String
    let runID: String
    let runLink: String
    let description: String
    let tags: [Tag]
    let files: VersionFiles

    /// - Parameters:
    ///   - name: The registered model.
    ///   - source: Where its files are said to lie.
    ///   - storageLocation: Where they lie.
    ///   - runID: The run that made it; empty for none.
    ///   - runLink: The address of a run on another server.
    ///   - description: Markdown.
    ///   - tags: Of a key that comes twice, the last value counts.
    ///   - files: What is to be signed.
    /// - Throws: `Failure.invalid` in MLflow's words for a broken tag, or for a text that is too long.
    package init(
        name: ModelName,
        source: String,
        storageLocation: String,
        runID: String = "",
        runLink: String = "",
        description: String = "",
        tags: [Tag] = [],
        files: VersionFiles = .elsewhere
    ) throws(Failure) {
        try RegistryText.check(description: description)
        try RegistryText.check(runID: runID)
        try RegistryText.check(runLink: runLink)
        for tag in tags { try RegistryTag.check(tag) }
        self.name = name
        self.source = source
        self.storageLocation = storageLocation
        self.runID = runID
        self.runLink = runLink
        self.description = description
        self.tags = RegistryTag.unique(tags)
        self.files = files
    }
}

extension NewModelVersion {
    /// The version that it becomes, as it would be read.
    func version(_ number: Int64, atMs nowMs: Int64) -> ModelVersion {
        var version = ModelVersion(
            .init(
                name: name.text,
                version: number,
                creationTime: nowMs,
                lastUpdateTime: nowMs,
                description: description,
                stage: .none,
                source: source,
                storageLocation: storageLocation,
                runID: runID,
                runLink: runLink,
                status: .ready,
                statusMessage: nil
            )
        )
        version.tags = tags.sorted { ExactText($0.key) < ExactText($1.key) }
        return version
    }
}
