package import Core
package import Database
import Events

/// The repositories that somebody may see, and what they may make.
package struct RepositoryStore: Sendable {
    let accounts: Accounts
    let identity: Identity

    var database: any Database { accounts.database }

    /// Makes a repository with its workspace.
    ///
    /// - Parameters:
    ///   - new: What it is made of.
    ///   - owner: Whose it is; nil for the person who asks.
    ///   - announce: Notes in another room, in the same transaction, what is to come into it.
    /// - Returns: Where it is.
    /// - Throws: `Failure.alreadyExists` for a name that the owner has given already, be it to one that was
    ///   deleted and can be restored; `Failure.permissionDenied` where
    ///   somebody may not make one for the owner; `Failure.missing` for an owner that is not there.
    package func create(
        _ new: NewRepository,
        ownedBy owner: AccountName? = nil,
        announcing announce: @escaping @Sendable (Caller, any Connection) throws -> Void = { _, _ in }
    ) async throws -> RepositoryPlace {
        try await database.write { connection in
            let owner = try self.owner(owner, in: connection)
            let key = try connection.first(
                """
                INSERT INTO repositories
                    (owner_id, name, name_key, visibility, description, website, is_archived, forked_from, created_ms, updated_ms)
                VALUES (\(owner.id.key), \(new.name.text), \(new.name.key), \(new.visibility.rawValue), \(new.description),
                    \(new.website.text), \(false), \(new.forkedFrom?.key), \(connection.nowMs), \(connection.nowMs))
                ON CONFLICT (owner_id, name_key) DO NOTHING
                RETURNING workspace_id
                """
            ) { $0.int(0) }
            guard let key else {
                let deletion = try holder(of: new.name, ownedBy: owner, in: connection)?.deletion
                if let deletion { throw kept(deletion) }
                throw Failure.alreadyExists("'\(owner.login)' has a repository '\(new.name.text)' already.")
            }
            let place = RepositoryPlace(
                workspace: WorkspaceID(key: key),
                ownerID: owner.id,
                owner: owner.login,
                name: new.name.text,
                isPublic: new.visibility == .public,
                isArchived: false
            )
            // Whatever was here before and has moved away loses its old address.
            try connection.execute(
                """
                DELETE FROM former_addresses
                WHERE owner_key = \(owner.login.lowercased()) AND name_key = \(new.name.key)
                """
            )
            let caller = identity.caller(in: place.workspace)
            try accounts.furnish(caller, connection)
            try announce(caller, connection)
            try EventLog.append(
                .repositoryCreated,
                to: "repository",
                details: JSON.object([JSON.Member(key: "name", value: .string(place.fullName))]).text,
                by: caller,
                in: connection
            )
            return place
        }
    }

    /// Sees to it that who asks may make repositories for an owner; nil for the person who asks.
    ///
    /// - Throws: As `create` does where they may not.
    package func requireCreation(ownedBy owner: AccountName?) async throws {
        try await database.read { connection in _ = try self.owner(owner, in: connection) }
    }

    /// What has a name of an owner's.
    struct Holder {
        let workspace: WorkspaceID
        /// Nil for a repository that people see.
        let deletion: DeletedRepository?
    }

    /// What has a name already; nil where it is free.
    func holder(
        of name: RepositoryName,
        ownedBy owner: Owner,
        in connection: any Connection
    ) throws -> Holder? {
        try connection.first(
            """
            SELECT workspace_id, name, deleted_ms, purged_ms
            FROM repositories
            WHERE owner_id = \(owner.id.key) AND name_key = \(name.key)
            """
        ) { row in
            Holder(
                workspace: WorkspaceID(key: row.int(0)),
                deletion: DeletedRepository("\(owner.login)/\(row.text(1))", row, from: 2)
            )
        }
    }

    /// Why a name is not given that a deleted repository has.
    func kept(_ deletion: DeletedRepository) -> Failure {
        .alreadyExists(
            "'\(deletion.fullName)' was deleted and keeps its name: \(deletion.fate(graceDays: accounts.graceDays))"
        )
    }

    /// Whose a repository becomes.
    struct Owner {
        let id: AccountID
        let login: String
    }

    /// The owner that is named, where who asks may make repositories for them.
    func owner(_ name: AccountName?, in connection: any Connection) throws -> Owner {
        let account = try identity.ownAccount(needing: .write)
        guard let name, name.key != identity.login.lowercased() else {
            return Owner(id: account, login: identity.login)
        }
        let found = try connection.first(
            """
            SELECT o.account_id, o.login, o.kind, m.role
            FROM accounts o
            LEFT JOIN organization_members m ON m.organization_id = o.account_id AND m.account_id = \(account.key)
            WHERE o.login_key = \(name.key)
            """
        ) { ($0.int(0), $0.text(1), $0.text(2), $0.isNull(3) ? nil : OrganizationRole(rawValue: $0.text(3))) }
        guard let (id, login, kind, role) = found else {
            throw Failure.missing("No account '\(name.text)' is here.")
        }
        guard identity.isServerAdmin || (kind == AccountKind.organization.rawValue && role == .admin) else {
            throw Failure(.permissionDenied, "Only admins of '\(login)' may make repositories for it.")
        }
        return Owner(id: AccountID(key: id), login: login)
    }
}
