package import Core
import Database
import Events

extension Accounts {
    /// The organizations that somebody may see or change.
    package func organizations(for identity: Identity) -> OrganizationStore {
        OrganizationStore(database: database, identity: identity, graceDays: graceDays)
    }
}

/// Organizations and who belongs to them.
package struct OrganizationStore: Sendable {
    let database: any Database
    let identity: Identity
    /// How long a deleted repository can be restored.
    let graceDays: Int

    /// Makes an organization whose first admin is who asks.
    ///
    /// - Parameters:
    ///   - name: Its name, which no account has.
    ///   - profile: What is said of it.
    /// - Returns: Its profile.
    /// - Throws: `Failure.alreadyExists` for a name that is taken; `Failure.invalid` for one that is kept;
    ///   `Failure.permissionDenied` for a token that does not reach the account.
    package func create(_ name: AccountName, _ profile: ProfileChange) async throws -> Profile {
        let account = try identity.ownAccount()
        let name = try name.ofNewAccount()
        return try await database.write { connection in
            let key = try connection.first(
                """
                INSERT INTO accounts (kind, login, login_key, full_name, email, description, website, location,
                    is_server_admin, state, credentials_changed_ms, created_ms, updated_ms)
                VALUES (\(AccountKind.organization.rawValue), \(name.text), \(name.key), '', '', '', '', '',
                    \(false), 'active', \(connection.nowMs), \(connection.nowMs), \(connection.nowMs))
                ON CONFLICT (login_key) DO NOTHING
                RETURNING account_id
                """
            ) { $0.int(0) }
            guard let key else {
                throw Failure.alreadyExists("There is an account '\(name.text)' already.")
            }
            let organization = AccountID(key: key)
            try profile.apply(to: organization, in: connection)
            try insert(account, .admin, into: organization, connection)
            try note(.organizationCreated, organization, ["login": .string(name.text)], connection)
            return try ProfileStore(database: database, identity: identity).get(name.text, in: connection)
        }
    }

    /// Changes what is said of an organization.
    ///
    /// - Parameters:
    ///   - organization: The organization.
    ///   - change: What is to change.
    /// - Returns: Its profile as it is now.
    /// - Throws: `Refusal` where somebody may not.
    package func edit(_ organization: AccountID, _ change: ProfileChange) async throws -> Profile {
        try await database.write { connection in
            let login = try login(of: organization, in: connection)
            try requireAdmin(of: organization, in: connection)
            let profiles = ProfileStore(database: database, identity: identity)
            let changed = change.fields(otherThanOf: try profiles.get(login, in: connection))
            try change.apply(to: organization, in: connection)
            if !changed.isEmpty {
                let details: JSON = ["login": .string(login), "changed": .array(changed.map(JSON.string))]
                try note(.organizationEdited, organization, details, connection)
            }
            return try profiles.get(login, in: connection)
        }
    }

    /// The organizations that an account belongs to.
    ///
    /// - Parameters:
    ///   - account: The account.
    ///   - page: Which part of the list.
    /// - Returns: By their names: all where it is the account that asks, else those to which both belong.
    /// - Throws: `DatabaseError` where the database fails.
    package func list(of account: AccountID, _ page: PageRequest) async throws -> ListPage<Profile> {
        // Security: who works for whom is known to those who work there too.
        let isShared: SQL =
            identity.isServerAdmin
            ? ""
            : """
            AND EXISTS (
                SELECT 1 FROM organization_members n
                WHERE n.organization_id = m.organization_id AND n.account_id = \(identity.account?.key ?? 0)
            )
            """
        let found: SQL =
            """
            FROM organization_members m
            JOIN accounts a ON a.account_id = m.organization_id
            WHERE m.account_id = \(account.key) \(isShared)
            """
        return try await profiles(found, page)
    }

    func profiles(_ found: SQL, _ page: PageRequest) async throws -> ListPage<Profile> {
        try await database.read { connection in
            let profiles = try connection.rows(
                """
                SELECT \(Profile.columns)
                \(found)
                ORDER BY a.login_key
                LIMIT \(page.limit) OFFSET \(page.offset)
                """
            ) { Profile($0, for: identity) }
            let total = try connection.first("SELECT COUNT(*) \(found)") { Int($0.int(0)) }
            return ListPage(profiles, total: total ?? 0)
        }
    }

    // MARK: Rights in the transaction that acts

    func requireAdmin(of organization: AccountID, in connection: any Connection) throws {
        let account = try identity.ownAccount()
        let role = try role(of: account, in: organization, connection)
        guard role == .admin || identity.isServerAdmin else {
            throw Refusal.mayNot("Only admins of the organization may do this.")
        }
    }

    func requireMember(of organization: AccountID, in connection: any Connection) throws {
        guard let account = identity.account, identity.workspace == nil else { throw Refusal.signIn }
        guard
            try role(of: account, in: organization, connection) != nil || identity.isServerAdmin
        else { throw Refusal.mayNot("Only members of the organization may see this.") }
    }

    func role(
        of account: AccountID,
        in organization: AccountID,
        _ connection: any Connection
    ) throws -> OrganizationRole? {
        try connection.first(
            """
            SELECT role FROM organization_members
            WHERE organization_id = \(organization.key) AND account_id = \(account.key)
            """
        ) { OrganizationRole(rawValue: $0.text(0)) } ?? nil
    }

    func insert(
        _ account: AccountID,
        _ role: OrganizationRole,
        into organization: AccountID,
        _ connection: any Connection
    ) throws {
        try connection.execute(
            """
            INSERT INTO organization_members (organization_id, account_id, role, joined_ms)
            VALUES (\(organization.key), \(account.key), \(role.rawValue), \(connection.nowMs))
            ON CONFLICT (organization_id, account_id) DO UPDATE SET role = excluded.role
            """
        )
    }

    func note(
        _ kind: Event.Kind,
        _ organization: AccountID,
        _ details: JSON,
        _ connection: any Connection
    ) throws {
        try EventLog.append(
            kind,
            to: "organization/\(organization.key)",
            details: details.text,
            by: identity.caller(in: .server),
            in: connection
        )
    }

    private func login(of organization: AccountID, in connection: any Connection) throws -> String {
        let login = try connection.first(
            """
            SELECT login FROM accounts
            WHERE account_id = \(organization.key) AND kind = \(AccountKind.organization.rawValue)
            """
        ) { $0.text(0) }
        guard let login else { throw Refusal.nothingHere("No such organization is here.") }
        return login
    }
}
