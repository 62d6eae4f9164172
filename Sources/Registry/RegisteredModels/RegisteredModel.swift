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
    package internal(set) var latestVersions: [ModelVersion]
    package internal(set) var tags: [Tag]
    package internal(set) var aliases: [ModelAlias]
}

/// A name for one version of a model, which can be moved to another.
package struct ModelAlias: Sendable, Hashable {
    package let alias: String
    package let version: Int64
}

extension RegisteredModel {
    /// What speaks against deleting it: the aliases that point at its versions, and the one in Production.
    package var uses: [String] {
        aliases.map { "the alias '\($0.alias)' points at version \($0.version)" }
            + latestVersions.filter { $0.stage == .production }.map {
                "version \($0.version) is in Production"
            }
    }

    /// About how much it adds to a page.
    var textBytes: Int {
        let ofTags = tags.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
        let ofAliases = aliases.reduce(0) { $0 + $1.alias.utf8.count }
        let ofVersions = latestVersions.reduce(0) { $0 + $1.textBytes }
        return (description?.utf8.count ?? 0) + ofTags + ofAliases + ofVersions
    }
}
