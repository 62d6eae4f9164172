package import Core

/// A repository as it is shown to somebody.
package struct Repository: Sendable, Hashable {
    package let place: RepositoryPlace
    package let owner: Profile
    package let description: String
    package let website: String
    package let forkedFrom: WorkspaceID?
    package let createdMs: Int64
    package let updatedMs: Int64
    package let pushedMs: Int64?
    package let deletedMs: Int64?
    package let starCount: Int
    package let watcherCount: Int
    /// Of the forks, those that may be seen.
    package let forkCount: Int
    package let topics: [String]
    /// What who asks may do in it.
    package let role: Role

    package var id: WorkspaceID { place.workspace }
}

/// Which repositories are looked for, and in which order.
package struct RepositorySearch: Sendable {
    /// Where they are looked for.
    package enum Scope: Sendable, Hashable {
        case everywhere
        case ownedBy(AccountID)
        /// Their own, those they were given a right in, and those of their organizations.
        case reachedBy(AccountID)
        case starredBy(AccountID)
        case watchedBy(AccountID)
        case forksOf(WorkspaceID)
        case ofTeam(Int64)
    }

    package enum Order: String, Sendable, Hashable, CaseIterable {
        case name = "alpha"
        case created
        case updated
        case stars
        case id
    }

    let scope: Scope
    let text: String
    let topic: String?
    let order: Order
    let isDescending: Bool

    /// - Parameters:
    ///   - scope: Where.
    ///   - text: What the name or the description contains; empty for anything.
    ///   - topic: The topic that they have.
    ///   - order: What they are sorted by.
    ///   - isDescending: Whether the greatest comes first.
    package init(
        _ scope: Scope = .everywhere,
        text: String = "",
        topic: String? = nil,
        order: Order = .name,
        isDescending: Bool = false
    ) {
        self.scope = scope
        self.text = text
        self.topic = topic
        self.order = order
        self.isDescending = isDescending
    }
}
