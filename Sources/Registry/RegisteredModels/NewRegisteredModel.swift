package import Core

/// What a new registered model is made of; its initialiser is the validation.
package struct NewRegisteredModel: Sendable {
    let name: ModelName
    let description: String
    let tags: [Tag]

    /// - Parameters:
    ///   - name: A name that no model and no prompt has.
    ///   - description: Markdown.
    ///   - tags: Of a key that comes twice, the last value counts.
    /// - Throws: `Failure.invalid` in MLflow's words for a broken tag, or for a description that is too long.
    package init(name: ModelName, description: String = "", tags: [Tag] = []) throws(Failure) {
        try RegistryText.check(description: description)
        for tag in tags { try RegistryTag.check(tag) }
        self.name = name
        self.description = description
        self.tags = RegistryTag.unique(tags)
    }
}
