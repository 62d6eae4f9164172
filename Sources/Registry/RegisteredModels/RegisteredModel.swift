package import Core

/// A name under which versions of a model are kept.
package struct RegisteredModel: Sendable, Hashable {
    package let name: String
    /// Epoch milliseconds, as all times.
    package let creationTime: Int64
    /// When its name, description, versions or their stages changed; tags and aliases do not count.
    package let lastUpdateTime: Int64
    package let description: String?
    /// The newest version in each stage, without its aliases.
    package let latestVersions: [ModelVersion]
    package let tags: [Tag]
    package let aliases: [ModelAlias]
}

/// A name for one version of a model, which can be moved to another.
package struct ModelAlias: Sendable, Hashable {
    package let alias: String
    package let version: Int64
}
