package import Core

/// A named set of runs.
package struct Experiment: Sendable, Hashable {
    package let id: Int64
    package let name: String
    package let artifactLocation: String
    package let stage: LifecycleStage
    package let creationTime: Int64
    package let lastUpdateTime: Int64
    package let tags: [Tag]
}

/// What a new experiment is made of; its initialiser is the validation.
package struct NewExperiment: Sendable {
    let name: String
    /// Where its artifacts lie; nil for a folder of its own under the server's root.
    let artifactLocation: String?
    let tags: [Tag]

    /// A location on this machine becomes absolute.
    ///
    /// - Throws: `Failure.invalid` in MLflow's words where a name or a tag breaks its limits.
    package init(checkedName name: String, artifactLocation: String?, tags: [Tag]) throws {
        try Self.check(name: name)
        for tag in tags { try Self.check(tag) }
        try CustomViews.check(count: tags.count { CustomViews.isOne($0.key) }, of: nil)
        guard let artifactLocation else {
            self.init(name: name, artifactLocation: nil, tags: tags)
            return
        }
        try ArtifactLocation.check(artifactLocation)
        let location = ArtifactLocation.absolute(artifactLocation, in: WorkingFolder.path)
        try ArtifactLocation.checkLength(location)
        self.init(name: name, artifactLocation: location, tags: tags)
    }

    init(name: String, artifactLocation: String?, tags: [Tag]) {
        self.name = name
        self.artifactLocation = artifactLocation
        self.tags = tags
    }

    static func check(name: String) throws(Failure) {
        guard !name.isEmpty else { throw .invalid("Invalid experiment name: ''") }
        try NameRules.checkLength(name, limit: NameRules.experimentNameLimit, of: "name")
    }

    static func check(_ tag: Tag) throws(Failure) {
        try NameRules.checkName(tag.key, path: "key")
        try NameRules.checkLength(tag.key, limit: NameRules.keyLimit, of: "key")
        try NameRules.checkLength(tag.value, limit: NameRules.experimentTagValueLimit, of: "value")
    }
}

/// Reads the id of an experiment as clients write it.
package enum ExperimentID {
    /// - Throws: `Failure.invalid` where the text is no whole number.
    package static func parse(_ text: String) throws(Failure) -> Int64 {
        var trimmed = text[...]
        while trimmed.first?.isWhitespace == true { trimmed.removeFirst() }
        while trimmed.last?.isWhitespace == true { trimmed.removeLast() }
        let digits = trimmed.first == "-" || trimmed.first == "+" ? trimmed.dropFirst() : trimmed
        guard !digits.isEmpty, digits.utf8.allSatisfy({ 48...57 ~= $0 }) else {
            throw .invalid("Invalid experiment ID '\(text)'. Experiment ID must be a valid integer.")
        }
        guard let id = Int64(trimmed) else { throw .missing("No Experiment with id=\(trimmed) exists") }
        return id
    }
}
