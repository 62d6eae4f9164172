package import Core
import Database
import Events

/// The people of a server, for whoever may look after them; the surface has checked that.
package struct PersonStore: Sendable {
    let database: any Database
    /// Who does it, in the workspace of the server.
    let caller: Caller
    /// How long a deleted repository can be restored.
    var graceDays = Accounts.standardGraceDays

    /// Makes an account; it has no password until its person sets one.
    ///
    /// - Parameter new: What it is made of.
    /// - Returns: The person.
    /// - Throws: `Failure.alreadyExists` for a login or an address for mail that an account has already.
    package func create(_ new: NewPerson) async throws -> Person {
        try await database.write { connection in try create(new, in: connection) }
    }

    func create(_ new: NewPerson, in connection: any Connection) throws -> Person {
        try refuseTaken(new.email, except: nil, in: connection)
        let key = try connection.first(
            """
            INSERT INTO accounts (kind, login, login_key, full_name, email, email_key, description, website, location,
                is_server_admin, state, credentials_changed_ms, created_ms, updated_ms)
            VALUES (\(AccountKind.user.rawValue), \(new.login.text), \(new.login.key), \(new.fullName), \(new.email),
                \(Self.key(of: new.email)), '', '', '', \(new.isServerAdmin), \(AccountState.active.rawValue),
                \(connection.nowMs), \(connection.nowMs), \(connection.nowMs))
            ON CONFLICT (login_key) DO NOTHING
            RETURNING account_id
            """
        ) { $0.int(0) }
        guard let key else {
            throw Failure.alreadyExists("An account '\(new.login.text)' is here already.")
        }
        let id = AccountID(key: key)
        try log(
            .accountCreated,
            id,
            new.login.text,
            [JSON.Member(key: "is_server_admin", value: .boolean(new.isServerAdmin))],
            in: connection
        )
        return try get(id, in: connection)
    }

    /// - Returns: Nil where nobody has the login.
    package func find(_ login: String) async throws -> Person? {
        try await database.read { connection in try find(login, in: connection) }
    }

    func find(_ login: String, in connection: any Connection) throws -> Person? {
        try connection.first(
            """
            SELECT \(Person.columns) FROM accounts a
            WHERE a.login_key = \(login.lowercased()) AND a.kind = \(AccountKind.user.rawValue)
            """,
            Person.init
        )
    }

    /// - Throws: `Failure.missing` where nobody has the login.
    package func get(_ login: String) async throws -> Person {
        try await database.read { connection in try get(login, in: connection) }
    }

    func get(_ login: String, in connection: any Connection) throws -> Person {
        guard let person = try find(login, in: connection) else {
            throw Failure.missing("No person '\(login)' is here.")
        }
        return person
    }

    /// - Throws: `Failure.missing` where there is no such person.
    package func get(_ id: AccountID) async throws -> Person {
        try await database.read { connection in try get(id, in: connection) }
    }

    func get(_ id: AccountID, in connection: any Connection) throws -> Person {
        let person = try connection.first(
            """
            SELECT \(Person.columns) FROM accounts a
            WHERE a.account_id = \(id.key) AND a.kind = \(AccountKind.user.rawValue)
                AND a.state <> \(AccountState.deleted.rawValue)
            """,
            Person.init
        )
        guard let person else { throw Failure.missing("There is no such person.") }
        return person
    }

    /// The people in the order of their logins.
    ///
    /// - Parameters:
    ///   - after: The login behind which to begin; nil for the first.
    ///   - text: What login or full name contain, whatever their case; nil for anything.
    ///   - limit: How many at the most.
    /// - Returns: At most `limit` people.
    /// - Throws: `DatabaseError` where the database fails.
    package func list(
        after: String? = nil,
        containing text: String? = nil,
        limit: Int
    ) async throws -> [Person] {
        var conditions: [SQL] = [
            "a.kind = \(AccountKind.user.rawValue)", "a.login_key > \(after?.lowercased() ?? "")",
        ]
        if let text = text?.lowercased(), !text.isEmpty {
            // No pattern, so that `%` and `_` mean themselves.
            let part = text.replacing("\\", with: "\\\\").replacing("%", with: "\\%").replacing(
                "_",
                with: "\\_"
            )
            let pattern = "%\(part)%"
            conditions.append(
                "(a.login_key LIKE \(pattern) ESCAPE '\\' OR lower(a.full_name) LIKE \(pattern) ESCAPE '\\')"
            )
        }
        let condition = conditions.joined(separator: " AND ")
        return try await database.read { connection in
            try connection.rows(
                "SELECT \(Person.columns) FROM accounts a WHERE \(condition) ORDER BY a.login_key LIMIT \(limit)",
                Person.init
            )
        }
    }

    /// - Throws: `Failure.missing`; `Failure.alreadyExists` for an address for mail that another has.
    package func edit(_ id: AccountID, _ changes: PersonChanges) async throws -> Person {
        try await database.write { connection in
            let person = try get(id, in: connection)
            let email = changes.email ?? person.email
            try refuseTaken(email, except: id, in: connection)
            try connection.execute(
                """
                UPDATE accounts
                SET full_name = \(changes.fullName ?? person.fullName), email = \(email), email_key = \(Self.key(of: email)),
                    description = \(changes.description ?? person.description),
                    website = \(changes.website ?? person.website), location = \(changes.location ?? person.location),
                    updated_ms = \(connection.nowMs)
                WHERE account_id = \(id.key)
                """
            )
            return try get(id, in: connection)
        }
    }

    /// Changes the address for mail of somebody; empty for none.
    ///
    /// - Throws: `Failure.invalid` for what is none; `Failure.alreadyExists` for one that another has.
    func setEmail(_ email: String, of id: AccountID, in connection: any Connection) throws {
        try NewPerson.checkEmail(email)
        try refuseTaken(email, except: id, in: connection)
        try connection.execute(
            """
            UPDATE accounts SET email = \(email), email_key = \(Self.key(of: email)), updated_ms = \(connection.nowMs)
            WHERE account_id = \(id.key)
            """
        )
    }

    /// Gives somebody the look after the server, or takes it.
    ///
    /// - Throws: `Failure.missing`; `Failure.invalidState` for the last who has it.
    package func setServerAdmin(_ isServerAdmin: Bool, of id: AccountID) async throws {
        try await database.write { connection in
            try setServerAdmin(isServerAdmin, of: id, in: connection)
        }
    }

    func setServerAdmin(_ isServerAdmin: Bool, of id: AccountID, in connection: any Connection) throws {
        let person = try get(id, in: connection)
        guard person.isServerAdmin != isServerAdmin else { return }
        if !isServerAdmin { try keepAnAdmin(beside: person, in: connection) }
        try connection.execute(
            """
            UPDATE accounts SET is_server_admin = \(isServerAdmin), updated_ms = \(connection.nowMs)
            WHERE account_id = \(id.key)
            """
        )
        try log(isServerAdmin ? .serverAdminGiven : .serverAdminTaken, id, person.login, in: connection)
    }

    /// Shuts somebody out at once: sessions end, and tokens, keys and the password count for nothing.
    ///
    /// - Throws: `Failure.missing`; `Failure.invalidState` for the last who looks after the server.
    package func suspend(_ id: AccountID) async throws {
        try await database.write { connection in
            let person = try get(id, in: connection)
            guard person.state == .active else { return }
            try keepAnAdmin(beside: person, in: connection)
            try setState(.suspended, of: id, in: connection)
            try connection.execute("DELETE FROM sessions WHERE account_id = \(id.key)")
            try log(.accountSuspended, id, person.login, in: connection)
        }
    }

    /// Lets somebody in again who was shut out.
    ///
    /// - Throws: `Failure.missing` where there is no such person.
    package func resume(_ id: AccountID) async throws {
        try await database.write { connection in
            let person = try get(id, in: connection)
            guard person.state == .suspended else { return }
            try setState(.active, of: id, in: connection)
            try log(.accountResumed, id, person.login, in: connection)
        }
    }

    /// Removes an account with its credentials and rights; its login is free again, its key is never used for another.
    ///
    /// - Throws: `Failure.missing`; `Failure.invalidState` for the last who looks after the server, for who still has
    ///   repositories, and for the only admin of an organization.
    package func delete(_ id: AccountID) async throws {
        try await database.write { connection in
            let person = try get(id, in: connection)
            try keepAnAdmin(beside: person, in: connection)
            try refuseOwner(person, in: connection)
            for table in [
                "sessions", "ssh_keys", "outside_identities", "one_time_links", "program_sign_ins", "tokens",
                "saved_views",
            ]
                + Self.rights
            {
                try connection.execute("DELETE FROM \(SQL(trusted: table)) WHERE account_id = \(id.key)")
            }
            // Whoever has the login next has no part in where its repositories have gone.
            try connection.execute(
                "DELETE FROM former_addresses WHERE owner_key = \(person.login.lowercased())"
            )
            try connection.execute(
                """
                UPDATE accounts
                SET login_key = NULL, full_name = '', email = '', email_key = NULL, description = '', website = '',
                    location = '', is_server_admin = \(false), state = \(AccountState.deleted.rawValue),
                    password_hash = NULL, credentials_changed_ms = \(connection.nowMs), updated_ms = \(connection.nowMs)
                WHERE account_id = \(id.key)
                """
            )
            try log(.accountDeleted, id, person.login, in: connection)
        }
    }

    /// The tables in which an account has rights or wishes.
    private static let rights = [
        "organization_members", "team_members", "collaborators", "stars", "watches", "object_role_members",
        "object_roles",
    ]

    private static func key(of email: String) -> String? { email.isEmpty ? nil : email.lowercased() }

    private func refuseTaken(_ email: String, except id: AccountID?, in connection: any Connection) throws {
        guard let key = Self.key(of: email) else { return }
        let owner = try connection.first("SELECT account_id FROM accounts WHERE email_key = \(key)") {
            $0.int(0)
        }
        guard owner == nil || owner == id?.key else {
            throw Failure.alreadyExists("The address for mail '\(email)' belongs to another account.")
        }
    }

    private func setState(_ state: AccountState, of id: AccountID, in connection: any Connection) throws {
        try connection.execute(
            """
            UPDATE accounts
            SET state = \(state.rawValue), credentials_changed_ms = \(connection.nowMs), updated_ms = \(connection.nowMs)
            WHERE account_id = \(id.key)
            """
        )
    }

    /// A server that nobody can look after is one that only somebody at its machine can mend.
    private func keepAnAdmin(beside person: Person, in connection: any Connection) throws {
        guard person.isServerAdmin, person.state == .active else { return }
        // Two who take this from one another at the same time must not both succeed.
        try connection.lock("server admins")
        let others = try connection.first(
            """
            SELECT COUNT(*) FROM accounts
            WHERE is_server_admin AND state = \(AccountState.active.rawValue) AND account_id <> \(person.id.key)
            """
        ) { $0.int(0) }
        guard (others ?? 0) > 0 else {
            throw Failure(
                .invalidState,
                "'\(person.login)' is the last who looks after this server: let another do so first."
            )
        }
    }

    private func refuseOwner(_ person: Person, in connection: any Connection) throws {
        try OwnedRepositories(of: person.id, person.login, in: connection).refuseAny(
            advice: "transfer or delete them first",
            graceDays: graceDays
        )
        let organization = try connection.first(
            """
            SELECT o.login
            FROM organization_members m
            JOIN accounts o ON o.account_id = m.organization_id
            WHERE m.account_id = \(person.id.key) AND m.role = 'admin' AND NOT EXISTS (
                SELECT 1 FROM organization_members n
                WHERE n.organization_id = m.organization_id AND n.role = 'admin' AND n.account_id <> \(person.id.key)
            )
            LIMIT 1
            """
        ) { $0.text(0) }
        if let organization {
            throw Failure(
                .invalidState,
                "'\(person.login)' is the only admin of the organization '\(organization)': name another first."
            )
        }
    }

    func log(
        _ kind: Event.Kind,
        _ id: AccountID,
        _ login: String,
        _ details: [JSON.Member] = [],
        in connection: any Connection
    ) throws {
        try EventLog.append(
            kind,
            to: "account/\(id.key)",
            details: JSON.object([JSON.Member(key: "login", value: .string(login))] + details).text,
            by: caller,
            in: connection
        )
    }
}
