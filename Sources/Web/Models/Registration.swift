package import Core
package import Registry

/// A version of a registered model that somebody asks for on a page.
package struct Registration: Sendable {
    package let name: String
    /// Where its files lie, as MLflow names such places.
    package let source: String
    package let runID: String?
    /// The logged model that it is; nil for a folder of a run.
    package let modelID: String?
    /// Markdown.
    package let description: String
}

/// Makes a version of a model that is there.
package typealias Registering = @Sendable (Registration, Caller) async throws -> ModelVersion
