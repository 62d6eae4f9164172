package import Core
import Database
import Events

/// Who has which role.
extension ObjectRoleStore {
    /// Gives a person a role.
    ///
    /// - Throws: As `get`; `Failure.missing` for the person, `.alreadyExists`, `.invalid` for a role that is somebody's alone.
    package func give(_ role: Int64, to login: String) async throws -> ObjectRole.Assignment {
        try await database.write { connection in
            let place = try administered(role, lock: true, in: connection)
            let person = try person(login, in: connection)
            try refuseOwn(place, in: connection)
            let id = try connection.first(
                """
                INSERT INTO object_role_members (role_id, account_id) VALUES (\(role), \(person.id.key))
                ON CONFLICT (account_id, role_id) DO NOTHING
                RETURNING assignment_id
                """
            ) { $0.int(0) }
            guard let id else {
                throw Failure.alreadyExists(
                    "User role assignment (user_id=\(person.id.key), role_id=\(role)) already exists"
                )
            }
            try note(
                .objectRoleGiven,
                place,
                [JSON.Member(key: "login", value: .string(person.login))],
                in: connection
            )
            return ObjectRole.Assignment(id: id, account: person.id, role: role)
        }
    }

    /// Takes a role from a person.
    ///
    /// - Throws: As `get`; `Failure.missing` for the person, and for one who does not have it.
    package func take(_ role: Int64, from login: String) async throws {
        try await database.write { connection in
            let place = try administered(role, lock: true, in: connection)
            let person = try person(login, in: connection)
            let count = try connection.execute(
                "DELETE FROM object_role_members WHERE role_id = \(role) AND account_id = \(person.id.key)"
            )
            guard count == 1 else {
                throw Failure.missing(
                    "User role assignment (user_id=\(person.id.key), role_id=\(role)) not found"
                )
            }
            try note(
                .objectRoleTaken,
                place,
                [JSON.Member(key: "login", value: .string(person.login))],
                in: connection
            )
        }
    }

    /// Who has a role.
    ///
    /// - Throws: As `get`.
    package func members(of role: Int64) async throws -> [ObjectRole.Assignment] {
        try await database.read { connection in
            let place = try visible(role, in: connection)
            return try connection.rows(
                """
                SELECT assignment_id, account_id FROM object_role_members WHERE role_id = \(place.role)
                ORDER BY assignment_id
                """
            ) { ObjectRole.Assignment(id: $0.int(0), account: AccountID(key: $0.int(1)), role: place.role) }
        }
    }

    /// The roles of a person: all of them for themselves and for who looks after the server, else those of the workspaces
    /// that who asks administers.
    ///
    /// - Throws: `Failure.permissionDenied` for who administers none of them, also where there is no such person;
    ///   `Failure.missing` for who looks after the server.
    package func roles(of login: String) async throws -> (person: Person, roles: [ObjectRole]) {
        try await database.read { connection in
            let mayKnow = looksAfterServer || login.lowercased() == identity.login.lowercased()
            guard
                let person = try accounts.people(for: identity.caller(in: .server)).find(
                    login,
                    in: connection
                )
            else { throw mayKnow ? Self.missing(login) : Self.denied }
            var workspaces = try connection.rows(
                """
                SELECT DISTINCT r.workspace_id
                FROM object_role_members m JOIN object_roles r ON r.role_id = m.role_id
                WHERE m.account_id = \(person.id.key)
                """
            ) { $0.int(0) }
            if !mayKnow {
                workspaces = try workspaces.filter { try administers(WorkspaceID(key: $0), in: connection) }
                guard !workspaces.isEmpty else { throw Self.denied }
            }
            let roles = try load(
                """
                r.workspace_id \(anyOf: workspaces) AND r.role_id IN (
                    SELECT role_id FROM object_role_members WHERE account_id = \(person.id.key)
                )
                """,
                in: connection
            )
            return (person, roles)
        }
    }

    /// The roles of everybody, for who looks after the server.
    ///
    /// - Throws: `Failure.permissionDenied` for others.
    package func rolesByMember() async throws -> [AccountID: [ObjectRole]] {
        try await database.read { connection in
            guard looksAfterServer else { throw Self.denied }
            let roles = try load("TRUE", in: connection)
            let byID = Dictionary(uniqueKeysWithValues: roles.map { ($0.id, $0) })
            var result: [AccountID: [ObjectRole]] = [:]
            try connection.forEach(
                "SELECT account_id, role_id FROM object_role_members ORDER BY assignment_id"
            ) { row in
                guard let role = byID[row.int(1)] else { return }
                result[AccountID(key: row.int(0)), default: []].append(role)
            }
            return result
        }
    }

    private func person(_ login: String, in connection: any Connection) throws -> Person {
        guard let person = try accounts.people(for: identity.caller(in: .server)).find(login, in: connection)
        else { throw Self.missing(login) }
        return person
    }

    private static func missing(_ login: String) -> Failure {
        .missing("User with username=\(login) not found")
    }

    /// Security: what was given to one person must not become another's.
    func refuseOwn(_ place: Place, in connection: any Connection) throws {
        let isOwn = try connection.first(
            "SELECT 1 FROM object_roles WHERE role_id = \(place.role) AND account_id IS NOT NULL"
        ) { _ in true }
        guard isOwn == nil else {
            throw Failure.invalid(
                "The role '\(place.name)' holds what was given to one person, and is theirs alone."
            )
        }
    }
}
