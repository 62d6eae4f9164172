/// What a member of an organization is.
package enum OrganizationRole: String, Sendable, Hashable, CaseIterable {
    case member
    case admin
}

/// Who may read a repository without having been given a right.
package enum Visibility: String, Sendable, Hashable, CaseIterable {
    case `public`
    case `private`
}
