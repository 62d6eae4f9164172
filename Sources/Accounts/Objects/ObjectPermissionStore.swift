package import Core
import Database
import Events

/// What single persons may do with single experiments and models of a workspace.
///
/// Who may give and take it has been checked: admins of the repository, and whoever may manage the thing.
package struct ObjectPermissionStore: Sendable {
    let accounts: Accounts
    let access: Access

    private var database: any Database { accounts.database }
    private var workspace: WorkspaceID { access.caller.workspace }
    private var identity: Identity { access.identity }

    /// A permission that was given to a person.
    package struct Given: Sendable, Hashable {
        package let account: AccountID
        package let permission: ObjectPermission
    }

    /// What MLflow says of permissions that are there already or not, which each version of it says otherwise.
    package struct Words: Sendable {
        package let taken: Failure
        package let missing: Failure

        package init(taken: Failure, missing: Failure) {
            self.taken = taken
            self.missing = missing
        }
    }

    /// Gives a person a permission that they do not have.
    ///
    /// - Parameters:
    ///   - permission: What they may do from now on.
    ///   - object: The thing.
    ///   - login: The person.
    ///   - replacesRole: Whether who gives it means it instead of what the person's role gives, which it cannot be.
    ///   - words: What is said of one that is there.
    /// - Returns: The permission.
    /// - Throws: `Failure.missing` for the person or the thing, `.alreadyExists`, `.invalid` for less than a role gives.
    package func give(
        _ permission: ObjectPermission,
        for object: GrantedObject,
        to login: String,
        replacesRole: Bool,
        _ words: Words
    ) async throws -> Given {
        try await database.write { connection in
            let person = try person(login, in: connection)
            if replacesRole { try refuse(permission, for: object, lessThanOf: person, in: connection) }
            try accounts.hold(object, access.caller, connection)
            let role = try ownRole(of: person, in: connection)
            let count = try connection.execute(
                """
                INSERT INTO object_permissions (role_id, workspace_id, kind, object, permission)
                VALUES (\(role), \(workspace.key), \(object.kind.rawValue), \(object.name), \(permission.rawValue))
                ON CONFLICT (role_id, kind, object) DO NOTHING
                """
            )
            guard count == 1 else { throw words.taken }
            try note(.permissionGiven, object, person, permission, in: connection)
            return Given(account: person.id, permission: permission)
        }
    }

    /// What was given to a person themselves.
    ///
    /// - Throws: `Failure.missing` for the person, and in the given words for the permission.
    package func get(for object: GrantedObject, of login: String, _ words: Words) async throws -> Given {
        try await database.read { connection in
            let person = try person(login, in: connection)
            let found = try connection.first(
                "SELECT permission \(rows(object, of: person))"
            ) { ObjectPermission(rawValue: $0.text(0)) ?? .none }
            guard let found else { throw words.missing }
            return Given(account: person.id, permission: found)
        }
    }

    /// Gives a person another permission than before.
    ///
    /// - Throws: As `give`; `Failure.missing` in the given words where there was none.
    package func change(
        to permission: ObjectPermission,
        for object: GrantedObject,
        of login: String,
        _ words: Words
    ) async throws {
        try await database.write { connection in
            let person = try person(login, in: connection)
            try refuse(permission, for: object, lessThanOf: person, in: connection)
            let count = try connection.execute(
                """
                UPDATE object_permissions SET permission = \(permission.rawValue)
                WHERE permission_id IN (SELECT permission_id \(rows(object, of: person)))
                """
            )
            guard count == 1 else { throw words.missing }
            try note(.permissionGiven, object, person, permission, in: connection)
        }
    }

    /// Takes from a person what was given to them.
    ///
    /// - Throws: `Failure.missing` for the person, and in the given words for the permission.
    package func take(for object: GrantedObject, from login: String, _ words: Words) async throws {
        try await database.write { connection in
            let person = try person(login, in: connection)
            let count = try connection.execute(
                """
                DELETE FROM object_permissions
                WHERE permission_id IN (SELECT permission_id \(rows(object, of: person)))
                """
            )
            guard count == 1 else { throw words.missing }
            try note(.permissionTaken, object, person, nil, in: connection)
        }
    }

    /// What a person may do with a thing, by their role and by all that was given; a thing that is not there is as one for
    /// which nothing was given.
    ///
    /// - Throws: `Failure.missing` for the person; `Failure.permissionDenied` for somebody who asks about another and does
    ///   not administer the workspace.
    package func effective(for object: GrantedObject, of login: String) async throws -> ObjectPermission {
        try await database.read { connection in
            let isOwn = login.lowercased() == identity.login.lowercased()
            guard isOwn || access.role == .admin else {
                throw Failure(.permissionDenied, "Permission denied")
            }
            let person = try person(login, in: connection)
            // Of oneself, what one asks with counts too.
            let asked = isOwn ? identity : Identity(person)
            let reader = ReachReader(connection: connection)
            let role = try reader.role(of: asked, in: workspace)
            let given = try reader.permissions(of: person.id, in: workspace)
                .filter { $0.0.kind == object.kind && ExactText($0.0.name) == ExactText(object.name) }.map(
                    \.1
                )
            let highest = min(given.max() ?? .none, ObjectPermission(asked.ceiling))
            return max(ObjectPermission(role), highest)
        }
    }

    private func person(_ login: String, in connection: any Connection) throws -> Person {
        guard let person = try accounts.people(for: access.caller).find(login, in: connection) else {
            throw Failure.missing("User with username=\(login) not found")
        }
        return person
    }

    /// Security: who says less of one thing than the role gives for all would think it closed, and it is not.
    private func refuse(
        _ permission: ObjectPermission,
        for object: GrantedObject,
        lessThanOf person: Person,
        in connection: any Connection
    ) throws {
        let role = try ReachReader(connection: connection).role(of: Identity(person), in: workspace)
        guard permission < ObjectPermission(role) else { return }
        throw Failure.invalid(
            "The role of '\(person.login)' in \(access.place) gives \(ObjectPermission(role).rawValue) for all that is "
                + "in it, and a permission for \(object.words) takes nothing of that away: change the role, or keep "
                + "what is to be closed in a repository of its own."
        )
    }

    private func rows(_ object: GrantedObject, of person: Person) -> SQL {
        """
        FROM object_permissions
        WHERE kind = \(object.kind.rawValue) AND object = \(object.name) AND role_id IN (
            SELECT role_id FROM object_roles WHERE workspace_id = \(workspace.key) AND account_id = \(person.id.key)
        )
        """
    }

    /// The role that is a person's alone, which is made when it is first needed.
    private func ownRole(of person: Person, in connection: any Connection) throws -> Int64 {
        let name = ObjectRole.ownName(of: person.id)
        try connection.execute(
            """
            INSERT INTO object_roles (workspace_id, name, account_id, created_ms)
            VALUES (\(workspace.key), \(name), \(person.id.key), \(connection.nowMs))
            ON CONFLICT (workspace_id, name) DO NOTHING
            """
        )
        let key = try connection.first(
            """
            SELECT role_id FROM object_roles WHERE workspace_id = \(workspace.key) AND name = \(name) \(.forShare)
            """
        ) { $0.int(0) }
        guard let key else { throw DatabaseError.gone("a person's own role") }
        try connection.execute(
            """
            INSERT INTO object_role_members (role_id, account_id) VALUES (\(key), \(person.id.key))
            ON CONFLICT (account_id, role_id) DO NOTHING
            """
        )
        return key
    }

    private func note(
        _ kind: Event.Kind,
        _ object: GrantedObject,
        _ person: Person,
        _ permission: ObjectPermission?,
        in connection: any Connection
    ) throws {
        let details: JSON = [
            "login": .string(person.login), "workspace": .string(access.placeName),
            "type": .string(object.kind.rawValue), "object": .string(object.name),
            "permission": permission.map { .string($0.rawValue) } ?? .null,
        ]
        try EventLog.append(
            kind,
            to: "account/\(person.id.key)",
            details: details.text,
            by: access.caller.ofServer,
            in: connection
        )
    }
}

extension Access {
    /// The workspace in sentences.
    fileprivate var place: String { repository.map { "'\($0.fullName)'" } ?? "the default workspace" }

    /// The workspace as the audit names it.
    fileprivate var placeName: String { repository?.fullName ?? WorkspaceName.standard }
}

extension Identity {
    /// A person as their password would show them.
    init(_ person: Person) {
        self.init(
            account: person.id,
            login: person.login,
            isServerAdmin: person.isServerAdmin,
            means: .password
        )
    }
}
