package import Core

/// A registered model as another server had it, with its versions.
package struct ImportedRegisteredModel: Sendable {
    package let name: String
    package let description: String?
    package let creationTime: Int64
    package let lastUpdateTime: Int64
    /// The highest number that a version ever had, as far as the other server tells; deleted ones count.
    package let lastVersion: Int64
    package let tags: [Tag]
    package let aliases: [(alias: String, version: Int64)]
    package var versions: [ImportedModelVersion]

    package init(
        name: String,
        description: String?,
        creationTime: Int64,
        lastUpdateTime: Int64,
        lastVersion: Int64,
        tags: [Tag],
        aliases: [(alias: String, version: Int64)],
        versions: [ImportedModelVersion]
    ) {
        self.name = name
        self.description = description
        self.creationTime = creationTime
        self.lastUpdateTime = lastUpdateTime
        self.lastVersion = lastVersion
        self.tags = tags
        self.aliases = aliases
        self.versions = versions
    }

    /// What it holds.
    package var counts: RegistryImportCounts {
        var counts = RegistryImportCounts()
        counts.models = 1
        counts.versions = versions.count
        return counts
    }
}

/// A version as another server had it.
package struct ImportedModelVersion: Sendable, Hashable {
    package let version: Int64
    package let description: String?
    package let creationTime: Int64
    package let lastUpdateTime: Int64
    package var stage: ModelStage
    package let source: String
    /// Where its files lie, there or here.
    package var storageLocation: String
    package let runID: String
    package let runLink: String
    package let status: ModelVersionStatus
    package let statusMessage: String?
    package let tags: [Tag]

    package init(
        version: Int64,
        description: String?,
        creationTime: Int64,
        lastUpdateTime: Int64,
        stage: ModelStage,
        source: String,
        storageLocation: String,
        runID: String,
        runLink: String,
        status: ModelVersionStatus,
        statusMessage: String?,
        tags: [Tag]
    ) {
        self.version = version
        self.description = description
        self.creationTime = creationTime
        self.lastUpdateTime = lastUpdateTime
        self.stage = stage
        self.source = source
        self.storageLocation = storageLocation
        self.runID = runID
        self.runLink = runLink
        self.status = status
        self.statusMessage = statusMessage
        self.tags = tags
    }
}

/// What came of writing a model.
package struct RegistryImportResult: Sendable, Hashable {
    package var new = RegistryImportCounts()
    /// The numbers whose versions did not come, because versions that were made here have them.
    package var takenVersions: [Int64] = []

    package init() {}
}

/// How many rows an import of the registry has made that were not there before.
package struct RegistryImportCounts: Sendable, Hashable {
    package var models = 0
    package var versions = 0
    /// What an approval rule of the model kept out.
    package var withheld: [Withheld] = []

    package struct Withheld: Sendable, Hashable {
        /// Such as `alias champion of registered model iris`.
        package let what: String
        package let reason: String
    }

    package init() {}

    package static func += (left: inout RegistryImportCounts, right: RegistryImportCounts) {
        left.models += right.models
        left.versions += right.versions
        left.withheld += right.withheld
    }
}
