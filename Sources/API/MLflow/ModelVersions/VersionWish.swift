package import Core

/// What somebody wishes a new version to be made of, as it was said; `VersionRequest` holds it against what there is.
package struct VersionWish: Sendable {
    package let name: String
    package let source: String
    /// Nil where no run was named, which is something else than an empty name for a copy of another version.
    package let runID: String?
    package let runLink: String
    /// Markdown.
    package let description: String
    package let tags: [Tag]
    package let modelID: String?
    /// Why, as the history is to say.
    let reason: String?

    package init(name: String, source: String, runID: String?, description: String, modelID: String?) {
        self.name = name
        self.source = source
        self.runID = runID
        self.description = description
        self.modelID = modelID
        runLink = ""
        tags = []
        reason = nil
    }

    /// - Throws: `Failure.invalid` in MLflow's words for a field that is missing or of another type.
    init(_ message: Message) throws {
        (name, source) = (try message.requiredString("name"), try message.requiredString("source"))
        runID = try message.has("run_id") ? message.string("run_id") ?? "" : nil
        runLink = try message.string("run_link") ?? ""
        description = try message.string("description") ?? ""
        tags = try message.tags("tags")
        modelID = try message.nonEmptyString("model_id")
        reason = try message.string("comment")
    }
}
