package import Core
import Database
import Events

extension Accounts {
    /// The teams of an organization, as somebody may see or change them.
    package func teams(of organization: AccountID, for identity: Identity) -> TeamStore {
        TeamStore(
            organizations: organizations(for: identity),
            organization: organization
        )
    }
}

/// The teams of an organization: its members see them, its admins change them.
package struct TeamStore: Sendable {
    let organizations: OrganizationStore
    let organization: AccountID

    private var database: any Database { organizations.database }
    private var identity: Identity { organizations.identity }

    /// - Parameter page: Which part of the list.
    /// - Returns: The teams by their names.
    /// - Throws: `Refusal` for somebody who does not belong to the organization.
    package func list(_ page: PageRequest) async throws -> ListPage<Team> {
        try await database.read { connection in
            try organizations.requireMember(of: organization, in: connection)
            let teams = try connection.rows(
                """
                SELECT \(Team.columns)
                FROM teams t
                WHERE t.organization_id = \(organization.key)
                ORDER BY t.name_key
                LIMIT \(page.limit) OFFSET \(page.offset)
                """
            ) { Team($0) }
            let total = try connection.first(
                "SELECT COUNT(*) FROM teams WHERE organization_id = \(organization.key)"
            ) { Int($0.int(0)) }
            return ListPage(teams, total: total ?? 0)
        }
    }

    /// - Parameter id: The key of a team.
    /// - Returns: The team.
    /// - Throws: `Refusal` for somebody who does not belong to the organization; `Failure.missing` where it has no such.
    package func get(_ id: Int64) async throws -> Team {
        try await database.read { connection in
            try organizations.requireMember(of: organization, in: connection)
            return try team(id, in: connection)
        }
    }

    /// - Parameter new: What it is made of; the name is needed.
    /// - Returns: The team.
    /// - Throws: `Refusal` where somebody may not; `Failure.alreadyExists` for a name that the organization has.
    package func create(_ new: TeamChange) async throws -> Team {
        guard let name = new.name else { throw Failure.invalid("A team needs a 'name'.") }
        return try await database.write { connection in
            try organizations.requireAdmin(of: organization, in: connection)
            let permission = new.permission ?? .read
            let id = try connection.first(
                """
                INSERT INTO teams (organization_id, name, name_key, description, role, reaches_all, created_ms)
                VALUES (\(organization.key), \(name.text), \(name.key), \(new.description ?? ""),
                    \(permission.rawValue), \(new.reachesAll ?? false), \(connection.nowMs))
                ON CONFLICT (organization_id, name_key) DO NOTHING
                RETURNING team_id
                """
            ) { $0.int(0) }
            guard let id else { throw Self.taken(name) }
            try note(
                .teamCreated,
                id,
                ["name": .string(name.text), "permission": .string(permission.rawValue)],
                connection
            )
            return try team(id, in: connection)
        }
    }

    /// - Parameters:
    ///   - id: The key of a team.
    ///   - change: What is to change.
    /// - Returns: The team as it is now.
    /// - Throws: `Refusal` where somebody may not; `Failure.alreadyExists` for a name that another team has.
    package func edit(_ id: Int64, _ change: TeamChange) async throws -> Team {
        do {
            return try await database.write { connection in
                try organizations.requireAdmin(of: organization, in: connection)
                let old = try team(id, in: connection)
                try connection.execute(
                    """
                    UPDATE teams
                    SET name = COALESCE(\(change.name?.text), name), name_key = COALESCE(\(change.name?.key), name_key),
                        description = COALESCE(\(change.description), description),
                        role = COALESCE(\(change.permission?.rawValue), role),
                        reaches_all = \(change.reachesAll ?? old.reachesAll)
                    WHERE team_id = \(id)
                    """
                )
                let new = try team(id, in: connection)
                try note(
                    .teamEdited,
                    id,
                    [
                        "name": .string(new.name), "permission": .string(new.role?.rawValue ?? "none"),
                        "reaches_all": .boolean(new.reachesAll),
                    ],
                    connection
                )
                return new
            }
        } catch let error as DatabaseError where error.kind == .uniqueViolation {
            guard let name = change.name else { throw error }
            throw Self.taken(name)
        }
    }

    /// - Parameter id: The key of a team.
    /// - Throws: `Refusal` where somebody may not; `Failure.missing` where there is none.
    package func delete(_ id: Int64) async throws {
        try await database.write { connection in
            try organizations.requireAdmin(of: organization, in: connection)
            let team = try team(id, in: connection)
            try connection.execute("DELETE FROM team_members WHERE team_id = \(id)")
            try connection.execute("DELETE FROM team_repositories WHERE team_id = \(id)")
            try connection.execute("DELETE FROM teams WHERE team_id = \(id)")
            try note(.teamDeleted, id, ["name": .string(team.name)], connection)
        }
    }

    /// - Parameters:
    ///   - id: The key of a team.
    ///   - page: Which part of the list.
    /// - Returns: Who is in it, by their names.
    /// - Throws: `Refusal` for somebody who does not belong to the organization.
    package func members(of id: Int64, _ page: PageRequest) async throws -> ListPage<Profile> {
        _ = try await get(id)
        return try await organizations.profiles(
            """
            FROM team_members m
            JOIN accounts a ON a.account_id = m.account_id
            WHERE m.team_id = \(id)
            """,
            page
        )
    }

    /// Takes somebody into a team, and into its organization if they are not in it.
    ///
    /// - Parameters:
    ///   - login: The name of a person.
    ///   - id: The key of a team.
    /// - Throws: `Refusal` where who asks may not; `Failure.missing` for a person or a team that is not there.
    package func add(_ login: String, to id: Int64) async throws {
        try await change(id, member: login, .teamMemberAdded) { person, connection in
            try connection.execute(
                """
                INSERT INTO organization_members (organization_id, account_id, role, joined_ms)
                VALUES (\(organization.key), \(person.id.key), \(OrganizationRole.member.rawValue), \(connection.nowMs))
                ON CONFLICT (organization_id, account_id) DO NOTHING
                """
            )
            try connection.execute(
                """
                INSERT INTO team_members (team_id, account_id)
                VALUES (\(id), \(person.id.key))
                ON CONFLICT (team_id, account_id) DO NOTHING
                """
            )
        }
    }

    /// - Parameters:
    ///   - login: The name of a person.
    ///   - id: The key of a team.
    /// - Throws: `Refusal` where who asks may not; `Failure.missing` for somebody who is not in it.
    package func remove(_ login: String, from id: Int64) async throws {
        try await change(id, member: login, .teamMemberRemoved) { person, connection in
            let count = try connection.execute(
                "DELETE FROM team_members WHERE team_id = \(id) AND account_id = \(person.id.key)"
            )
            guard count == 1 else { throw Failure.missing("'\(person.login)' is not in the team.") }
        }
    }

    /// Lets a team work in a repository of its organization.
    ///
    /// - Parameters:
    ///   - name: The name of a repository of the organization.
    ///   - id: The key of a team.
    /// - Throws: `Refusal` where who asks may not; `Failure.missing` for a repository that is not there.
    package func add(repository name: String, to id: Int64) async throws {
        try await change(id, repository: name, .teamRepositoryAdded) { workspace, connection in
            try connection.execute(
                """
                INSERT INTO team_repositories (team_id, workspace_id)
                VALUES (\(id), \(workspace))
                ON CONFLICT (team_id, workspace_id) DO NOTHING
                """
            )
        }
    }

    /// - Parameters:
    ///   - name: The name of a repository of the organization.
    ///   - id: The key of a team.
    /// - Throws: `Refusal` where who asks may not; `Failure.missing` for a repository that the team does not have.
    package func remove(repository name: String, from id: Int64) async throws {
        try await change(id, repository: name, .teamRepositoryRemoved) { workspace, connection in
            let count = try connection.execute(
                "DELETE FROM team_repositories WHERE team_id = \(id) AND workspace_id = \(workspace)"
            )
            guard count == 1 else { throw Failure.missing("The team does not have '\(name)'.") }
        }
    }

    private func change(
        _ id: Int64,
        member login: String,
        _ kind: Event.Kind,
        _ body: @escaping @Sendable (Profile, any Connection) throws -> Void
    ) async throws {
        try await database.write { connection in
            try organizations.requireAdmin(of: organization, in: connection)
            let team = try team(id, in: connection)
            let person = try ProfileStore(database: database, identity: identity).person(
                login,
                in: connection
            )
            try body(person, connection)
            let details: JSON = ["team": .string(team.name), "login": .string(person.login)]
            try note(kind, id, details, connection)
        }
    }

    private func change(
        _ id: Int64,
        repository name: String,
        _ kind: Event.Kind,
        _ body: @escaping @Sendable (Int64, any Connection) throws -> Void
    ) async throws {
        try await database.write { connection in
            try organizations.requireAdmin(of: organization, in: connection)
            let team = try team(id, in: connection)
            let workspace = try connection.first(
                """
                SELECT workspace_id FROM repositories
                WHERE owner_id = \(organization.key) AND name_key = \(name.lowercased()) AND deleted_ms IS NULL
                """
            ) { $0.int(0) }
            guard let workspace else {
                throw Failure.missing("The organization has no repository '\(NameGrammar.shown(name))'.")
            }
            try body(workspace, connection)
            let details: JSON = ["team": .string(team.name), "repository": .string(name)]
            try note(kind, id, details, connection)
        }
    }

    /// Security: a team is looked for in its organization alone, so that a key of another's finds none.
    private func team(_ id: Int64, in connection: any Connection) throws -> Team {
        let team = try connection.first(
            """
            SELECT \(Team.columns)
            FROM teams t
            WHERE t.team_id = \(id) AND t.organization_id = \(organization.key)
            """
        ) { Team($0) }
        guard let team else { throw Failure.missing("The organization has no team \(id).") }
        return team
    }

    private func note(
        _ kind: Event.Kind,
        _ id: Int64,
        _ details: JSON,
        _ connection: any Connection
    ) throws {
        try EventLog.append(
            kind,
            to: "organization/\(organization.key)/team/\(id)",
            details: details.text,
            by: identity.caller(in: .server),
            in: connection
        )
    }

    private static func taken(_ name: TeamName) -> Failure {
        .alreadyExists("The organization has a team '\(name.text)' already.")
    }
}
