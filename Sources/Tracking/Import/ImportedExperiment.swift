package import Core

/// An experiment as another server had it.
package struct ImportedExperiment: Sendable, Hashable {
    package let id: Int64
    package let name: String
    package let artifactLocation: String
    package let stage: LifecycleStage
    package let creationTime: Int64
    package let lastUpdateTime: Int64
    package let tags: [Tag]

    package init(
        id: Int64,
        name: String,
        artifactLocation: String,
        stage: LifecycleStage,
        creationTime: Int64,
        lastUpdateTime: Int64,
        tags: [Tag]
    ) {
        self.id = id
        self.name = name
        self.artifactLocation = artifactLocation
        self.stage = stage
        self.creationTime = creationTime
        self.lastUpdateTime = lastUpdateTime
        self.tags = tags
    }
}

/// Where an imported experiment is to be found here.
package struct ImportedPlace: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        /// It is new here and has the number that it had.
        case kept
        /// It is new here; its number was taken, so it got another.
        case renumbered
        /// It is the default experiment, which nobody had used here.
        case adopted
        /// It is here already: the experiment of the same name.
        case merged
    }

    package let id: Int64
    package let kind: Kind
}
