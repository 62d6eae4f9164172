package import Core

/// What a repository is made of.
package struct NewRepository: Sendable {
    package static let descriptionLimit = 1_000

    let name: RepositoryName
    let visibility: Visibility
    let description: String
    let website: String
    let forkedFrom: WorkspaceID?

    /// - Throws: `Failure.invalid` for a text that is too long.
    package init(
        name: RepositoryName,
        visibility: Visibility,
        description: String = "",
        website: String = "",
        forkedFrom: WorkspaceID? = nil
    ) throws(Failure) {
        for (field, text) in [("description", description), ("website", website)] {
            guard text.count <= Self.descriptionLimit else {
                throw .invalid("'\(field)' has more than \(Self.descriptionLimit) characters.")
            }
        }
        self.name = name
        self.visibility = visibility
        self.description = description
        self.website = website
        self.forkedFrom = forkedFrom
    }
}

/// Whether an account is a person or an organization.
package enum AccountKind: String, Sendable, Hashable, CaseIterable {
    case user
    case organization
}
