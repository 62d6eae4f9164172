package import Core
import Database
import Events

extension Accounts {
    /// Who was given a right in a repository, as somebody may see or change it.
    package func collaborators(for identity: Identity) -> CollaboratorStore {
        CollaboratorStore(repositories: repositories(for: identity))
    }
}

/// Somebody who was given a right in a repository.
package struct Collaborator: Sendable, Hashable {
    package let profile: Profile
    package let role: Role
}

/// The rights that were given in repositories to persons: whoever administers sees and changes them, and each gives up
/// their own.
package struct CollaboratorStore: Sendable {
    let repositories: RepositoryStore

    private var database: any Database { repositories.database }
    private var identity: Identity { repositories.identity }

    /// - Parameters:
    ///   - workspace: A repository.
    ///   - page: Which part of the list.
    /// - Returns: Who was given a right, by their names.
    /// - Throws: `Refusal` where somebody may not see it.
    package func list(
        of workspace: WorkspaceID,
        _ page: PageRequest
    ) async throws -> ListPage<Collaborator> {
        try await database.read { connection in
            _ = try repositories.place(workspace, needing: .admin, in: connection)
            let collaborators = try connection.rows(
                """
                SELECT c.role, \(Profile.columns)
                FROM collaborators c
                JOIN accounts a ON a.account_id = c.account_id
                WHERE c.workspace_id = \(workspace.key)
                ORDER BY a.login_key
                LIMIT \(page.limit) OFFSET \(page.offset)
                """
            ) {
                Collaborator(
                    profile: Profile($0, from: 1, for: identity),
                    role: Role(rawValue: $0.text(0)) ?? .read
                )
            }
            let total = try connection.first(
                "SELECT COUNT(*) FROM collaborators WHERE workspace_id = \(workspace.key)"
            ) { Int($0.int(0)) }
            return ListPage(collaborators, total: total ?? 0)
        }
    }

    /// What a person may do in a repository, from whatever it comes.
    ///
    /// - Parameters:
    ///   - login: The name of a person.
    ///   - workspace: A repository.
    /// - Returns: The person with their role; nil where the repository does not exist for them.
    /// - Throws: `Refusal` where who asks may not know it; `Failure.missing` for a person who is not there.
    package func role(
        of login: String,
        in workspace: WorkspaceID
    ) async throws -> (profile: Profile, role: Role?) {
        try await database.read { connection in
            _ = try repositories.place(workspace, needing: .admin, in: connection)
            let person = try person(login, in: connection)
            let asked = Identity(
                account: person.id,
                login: person.login,
                isServerAdmin: person.isServerAdmin,
                means: .password
            )
            return (person, try PlaceReader(connection).find(workspace, for: asked)?.role(of: asked))
        }
    }

    /// Whether a person was given a right in a repository.
    ///
    /// - Parameters:
    ///   - login: The name of a person.
    ///   - workspace: A repository.
    /// - Returns: The right; nil where none was given.
    /// - Throws: `Refusal` where who asks may not know it; `Failure.missing` for a person who is not there.
    package func find(_ login: String, in workspace: WorkspaceID) async throws -> Collaborator? {
        try await database.read { connection in
            _ = try repositories.place(workspace, needing: .admin, in: connection)
            let person = try person(login, in: connection)
            return try connection.first(
                """
                SELECT role FROM collaborators
                WHERE workspace_id = \(workspace.key) AND account_id = \(person.id.key)
                """
            ) { Collaborator(profile: person, role: Role(rawValue: $0.text(0)) ?? .read) }
        }
    }

    /// Gives a person a right in a repository, or another one than before.
    ///
    /// - Parameters:
    ///   - login: The name of a person.
    ///   - role: What they may do from now on.
    ///   - workspace: A repository.
    /// - Throws: `Refusal` where who asks may not; `Failure.invalid` for its owner and for organizations.
    package func set(_ login: String, to role: Role, in workspace: WorkspaceID) async throws {
        try await database.write { connection in
            let place = try repositories.place(workspace, needing: .admin, in: connection)
            let person = try person(login, in: connection)
            guard person.id != place.ownerID else {
                throw Failure.invalid("'\(person.login)' owns the repository and needs no right in it.")
            }
            try connection.execute(
                """
                INSERT INTO collaborators (workspace_id, account_id, role, added_ms)
                VALUES (\(workspace.key), \(person.id.key), \(role.rawValue), \(connection.nowMs))
                ON CONFLICT (workspace_id, account_id) DO UPDATE SET role = excluded.role
                """
            )
            try repositories.note(
                .collaboratorSet,
                place,
                ["login": .string(person.login), "role": .string(role.rawValue)],
                connection
            )
        }
    }

    /// The right that who asks was given in a repository.
    ///
    /// - Parameter workspace: A repository.
    /// - Returns: Nil where they were given none, and have what they have from elsewhere.
    /// - Throws: `DatabaseError` where the database fails.
    package func own(in workspace: WorkspaceID) async throws -> Role? {
        guard let account = identity.account else { return nil }
        return try await database.read { connection in
            try connection.first(
                """
                SELECT role FROM collaborators
                WHERE workspace_id = \(workspace.key) AND account_id = \(account.key)
                """
            ) { Role(rawValue: $0.text(0)) ?? .read }
        }
    }

    /// Takes from a person the right that they were given; whoever wants gives up their own.
    ///
    /// - Parameters:
    ///   - login: The name of a person.
    ///   - workspace: A repository.
    /// - Throws: `Refusal` or `Failure.permissionDenied` where who asks may not; `Failure.missing` for somebody who was
    ///   given none.
    package func remove(_ login: String, from workspace: WorkspaceID) async throws {
        try await database.write { connection in
            let place = try repositories.place(workspace, needing: .read, in: connection)
            let person = try person(login, in: connection)
            if person.id == identity.account {
                _ = try identity.ownAccount()
            } else {
                _ = try repositories.place(workspace, needing: .admin, in: connection)
            }
            let count = try connection.execute(
                "DELETE FROM collaborators WHERE workspace_id = \(workspace.key) AND account_id = \(person.id.key)"
            )
            guard count == 1 else {
                throw Failure.missing("'\(person.login)' is no collaborator of '\(place.fullName)'.")
            }
            try repositories.note(
                .collaboratorRemoved,
                place,
                ["login": .string(person.login)],
                connection
            )
        }
    }

    private func person(_ login: String, in connection: any Connection) throws -> Profile {
        try ProfileStore(database: database, identity: identity).person(login, in: connection)
    }
}
