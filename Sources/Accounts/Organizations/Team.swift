package import Core
import Database

/// People of an organization who have a role in some of its repositories, or in all of them.
package struct Team: Sendable, Hashable {
    package let id: Int64
    package let name: String
    package let description: String
    /// What its members may do; nil for nothing more than they may anyway.
    package let role: Role?
    /// Whether it is for all repositories of the organization.
    package let reachesAll: Bool

    static let columns: SQL = "t.team_id, t.name, t.description, t.role, t.reaches_all"

    init(_ row: borrowing Row) {
        id = row.int(0)
        name = row.text(1)
        description = row.text(2)
        role = Role(rawValue: row.text(3))
        reachesAll = row.bool(4)
    }
}

/// What a team is made of, or changed to; what is nil stays, or is the least.
package struct TeamChange: Sendable {
    package static let descriptionLimit = 1_000

    /// What a team gives: a role, or nothing.
    package enum Permission: String, Sendable, Hashable, CaseIterable {
        case none
        case read
        case write
        case admin
    }

    let name: TeamName?
    let description: String?
    let permission: Permission?
    let reachesAll: Bool?

    /// - Throws: `Failure.invalid` for a name that is none or a text that is too long.
    package init(
        name: String? = nil,
        description: String? = nil,
        permission: Permission? = nil,
        reachesAll: Bool? = nil
    ) throws(Failure) {
        if let name { self.name = try TeamName(name) } else { self.name = nil }
        if let description {
            self.description = try Words.checked(description, "description", limit: Self.descriptionLimit)
        } else {
            self.description = nil
        }
        self.permission = permission
        self.reachesAll = reachesAll
    }
}

/// The name of a team, which an organization has once.
package struct TeamName: Sendable, Hashable {
    package static let limit = 40

    let text: String
    let key: String

    /// - Throws: `Failure.invalid` that says what a name may be.
    init(_ text: String) throws(Failure) {
        guard NameGrammar.matches(text, limit: Self.limit) else {
            throw .invalid(
                "'\(NameGrammar.shown(text))' cannot be the name of a team: it must have 1 to \(Self.limit) letters, digits, "
                    + "'-', '_' or '.', and begin with a letter or a digit."
            )
        }
        self.text = text
        key = text.lowercased()
    }
}
