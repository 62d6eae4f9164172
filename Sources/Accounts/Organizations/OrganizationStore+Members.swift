package import Core
import Database
import Events

/// Somebody in an organization.
package struct OrganizationMember: Sendable, Hashable {
    package let profile: Profile
    package let role: OrganizationRole
}

extension OrganizationStore {
    /// - Parameters:
    ///   - organization: The organization.
    ///   - page: Which part of the list.
    /// - Returns: Who belongs to it, by their names.
    /// - Throws: `Refusal` for somebody who does not.
    package func members(
        of organization: AccountID,
        _ page: PageRequest
    ) async throws -> ListPage<OrganizationMember> {
        try await database.read { connection in
            try requireMember(of: organization, in: connection)
            let members = try connection.rows(
                """
                SELECT m.role, \(Profile.columns)
                FROM organization_members m
                JOIN accounts a ON a.account_id = m.account_id
                WHERE m.organization_id = \(organization.key)
                ORDER BY a.login_key
                LIMIT \(page.limit) OFFSET \(page.offset)
                """
            ) {
                OrganizationMember(
                    profile: Profile($0, from: 1, for: identity),
                    role: OrganizationRole(rawValue: $0.text(0)) ?? .member
                )
            }
            let total = try connection.first(
                "SELECT COUNT(*) FROM organization_members WHERE organization_id = \(organization.key)"
            ) { Int($0.int(0)) }
            return ListPage(members, total: total ?? 0)
        }
    }

    /// - Parameters:
    ///   - login: The name of a person.
    ///   - organization: The organization.
    /// - Returns: What they are in it.
    /// - Throws: `Refusal` for somebody who does not belong to it; `Failure.missing` where that person does not.
    package func member(_ login: String, of organization: AccountID) async throws -> OrganizationMember {
        try await database.read { connection in
            try requireMember(of: organization, in: connection)
            let person = try ProfileStore(database: database, identity: identity).person(
                login,
                in: connection
            )
            guard let role = try role(of: person.id, in: organization, connection) else {
                throw Self.noMember(person.login)
            }
            return OrganizationMember(profile: person, role: role)
        }
    }

    /// Makes somebody a member, or changes what they are.
    ///
    /// - Parameters:
    ///   - login: The name of a person.
    ///   - role: What they are from now on.
    ///   - organization: The organization.
    /// - Throws: `Refusal` where who asks may not; `Failure.invalidState` where nobody would be left to look after it.
    package func set(
        _ login: String,
        to role: OrganizationRole,
        in organization: AccountID
    ) async throws {
        try await database.write { connection in
            try requireAdmin(of: organization, in: connection)
            let person = try ProfileStore(database: database, identity: identity).person(
                login,
                in: connection
            )
            try connection.lock("organization/\(organization.key)")
            if role != .admin { try keepAnAdmin(without: person.id, in: organization, connection) }
            try insert(person.id, role, into: organization, connection)
            try note(
                .memberSet,
                organization,
                ["login": .string(person.login), "role": .string(role.rawValue)],
                connection
            )
        }
    }

    /// Ends a membership, with the places in teams that it carried; whoever wants may leave.
    ///
    /// - Parameters:
    ///   - login: The name of a person.
    ///   - organization: The organization.
    /// - Throws: `Refusal` where who asks may not; `Failure.missing` for somebody who does not belong to it;
    ///   `Failure.invalidState` where nobody would be left to look after it.
    package func remove(_ login: String, from organization: AccountID) async throws {
        try await database.write { connection in
            let account = try identity.ownAccount()
            let person = try ProfileStore(database: database, identity: identity).person(
                login,
                in: connection
            )
            if person.id != account { try requireAdmin(of: organization, in: connection) }
            try connection.lock("organization/\(organization.key)")
            guard try role(of: person.id, in: organization, connection) != nil else {
                throw Self.noMember(person.login)
            }
            try keepAnAdmin(without: person.id, in: organization, connection)
            try connection.execute(
                """
                DELETE FROM team_members
                WHERE account_id = \(person.id.key)
                    AND team_id IN (SELECT team_id FROM teams WHERE organization_id = \(organization.key))
                """
            )
            try connection.execute(
                """
                DELETE FROM organization_members
                WHERE organization_id = \(organization.key) AND account_id = \(person.id.key)
                """
            )
            try note(.memberRemoved, organization, ["login": .string(person.login)], connection)
        }
    }

    private func keepAnAdmin(
        without account: AccountID,
        in organization: AccountID,
        _ connection: any Connection
    ) throws {
        let isAnother = try connection.first(
            """
            SELECT 1 FROM organization_members
            WHERE organization_id = \(organization.key) AND role = 'admin' AND account_id <> \(account.key)
            """
        ) { _ in true }
        guard isAnother != nil else {
            throw Failure(
                .invalidState,
                "The last admin of an organization stays one: make somebody else an admin first."
            )
        }
    }

    static func noMember(_ login: String) -> Failure {
        .missing("'\(login)' is no member of the organization.")
    }
}
