package import Core

/// What a repository is made of.
package struct NewRepository: Sendable {
    package static let descriptionLimit = 1_000

    let name: RepositoryName
    let visibility: Visibility
    let description: String
    let website: Website
    let forkedFrom: WorkspaceID?

    /// - Throws: `Failure.invalid` for a text that is too long, or a website that is none.
    package init(
        name: RepositoryName,
        visibility: Visibility,
        description: String = "",
        website: String = "",
        forkedFrom: WorkspaceID? = nil
    ) throws(Failure) {
        self.name = name
        self.visibility = visibility
        self.description = try Words.checked(description, "description", limit: Self.descriptionLimit)
        self.website = try Website(website)
        self.forkedFrom = forkedFrom
    }
}

/// Whether an account is a person or an organization.
package enum AccountKind: String, Sendable, Hashable, CaseIterable {
    case user
    case organization
}
