package import Core
import Database
import Events

extension Accounts {
    /// What somebody may see of people and organizations.
    package func profiles(for identity: Identity) -> ProfileStore {
        ProfileStore(database: database, identity: identity)
    }
}

/// People and organizations as others see them; whoever has an account sees all.
package struct ProfileStore: Sendable {
    let database: any Database
    let identity: Identity

    /// The account of who asks.
    ///
    /// - Returns: Its profile.
    /// - Throws: `Failure.unauthenticated` for nobody.
    package func own() async throws -> Profile {
        guard let account = identity.account else {
            throw Failure(.unauthenticated, "Sign in: this needs an account.")
        }
        return try await database.read { connection in
            let condition: SQL = "a.account_id = \(account.key)"
            guard let profile = try self.first(condition, in: connection) else {
                throw Failure.missing("The account is not here any more.")
            }
            return profile
        }
    }

    /// - Parameter login: The name of an account, in any letters.
    /// - Returns: Its profile.
    /// - Throws: `Failure.missing` where there is none of that name.
    package func get(_ login: String) async throws -> Profile {
        try await database.read { connection in try self.get(login, in: connection) }
    }

    /// The profile of an account as who asks may see it: whoever has none sees only those who show them a repository.
    ///
    /// - Parameter login: The name of an account, in any letters.
    /// - Returns: Its profile.
    /// - Throws: `Failure.missing` where there is none of that name, or none for who asks.
    package func visible(_ login: String) async throws -> Profile {
        try await database.read { connection in
            let profile = try self.get(login, in: connection)
            guard identity.account == nil else { return profile }
            let shown = try connection.first(
                """
                SELECT 1 FROM repositories r
                WHERE r.owner_id = \(profile.id.key) AND r.deleted_ms IS NULL AND (\(Rules.isReadable(by: identity)))
                LIMIT 1
                """
            ) { _ in true }
            // Security: who shows nothing is told from who does not exist by nobody without an account.
            guard shown != nil else { throw Self.absent(login) }
            return profile
        }
    }

    /// - Parameter accounts: Keys of accounts.
    /// - Returns: Their names; those that are gone are left out.
    /// - Throws: `DatabaseError` where the database fails.
    package func logins(of accounts: [AccountID]) async throws -> [AccountID: String] {
        let keys = accounts.map(\.key)
        let found = try await database.read { connection in
            try connection.rows(
                "SELECT account_id, login FROM accounts WHERE account_id \(anyOf: keys) AND login_key IS NOT NULL"
            ) { (AccountID(key: $0.int(0)), $0.text(1)) }
        }
        return Dictionary(uniqueKeysWithValues: found)
    }

    /// - Parameters:
    ///   - text: What the name, or the name in full, contains; empty for everybody.
    ///   - page: Which part of the list.
    /// - Returns: People, by their names.
    /// - Throws: `DatabaseError` where the database fails.
    package func search(_ text: String, _ page: PageRequest) async throws -> ListPage<Profile> {
        let pattern = LikePattern(containing: text.lowercased()).text
        let condition: SQL =
            """
            a.kind = \(AccountKind.user.rawValue) AND a.login_key IS NOT NULL
            AND (a.login_key LIKE \(pattern) ESCAPE '!' OR lower(a.full_name) LIKE \(pattern) ESCAPE '!')
            """
        return try await database.read { connection in
            let profiles = try connection.rows(
                """
                SELECT \(Profile.columns)
                FROM accounts a
                WHERE \(condition)
                ORDER BY a.login_key
                LIMIT \(page.limit) OFFSET \(page.offset)
                """
            ) { Profile($0, for: identity) }
            let total = try connection.first("SELECT COUNT(*) FROM accounts a WHERE \(condition)") {
                Int($0.int(0))
            }
            return ListPage(profiles, total: total ?? 0)
        }
    }

    /// Changes the profile of who asks.
    ///
    /// - Parameters:
    ///   - change: What is to change.
    ///   - email: The address for mail from now on, empty for none; nil for the one that there is.
    /// - Returns: The profile as it is now.
    /// - Throws: `Failure` where somebody may not, and for an address that is none or that another has.
    package func edit(_ change: ProfileChange, email: String? = nil) async throws -> Profile {
        let account = try identity.ownAccount()
        try await database.write { connection in
            guard let old = try self.first("a.account_id = \(account.key)", in: connection) else {
                throw Failure.missing("The account is not here any more.")
            }
            try change.apply(to: account, in: connection)
            if let email {
                let people = PersonStore(database: database, caller: identity.caller(in: .server))
                try people.setEmail(email, of: account, in: connection)
            }
            var changed = change.fields(otherThanOf: old)
            if let email, email != old.email ?? "" { changed.append("email") }
            guard !changed.isEmpty else { return }
            try EventLog.append(
                .accountEdited,
                to: "account/\(account.key)",
                details: (["login": .string(old.login), "changed": .array(changed.map(JSON.string))] as JSON)
                    .text,
                by: identity.caller(in: .server),
                in: connection
            )
        }
        return try await own()
    }

    func get(_ login: String, in connection: any Connection) throws -> Profile {
        guard let profile = try first("a.login_key = \(login.lowercased())", in: connection) else {
            throw Self.absent(login)
        }
        return profile
    }

    private static func absent(_ login: String) -> Failure {
        .missing("No account '\(NameGrammar.shown(login))' is here.")
    }

    /// Somebody to whom rights are given.
    ///
    /// - Parameter login: The name of an account, in any letters.
    /// - Returns: Their profile.
    /// - Throws: `Failure.missing` where there is none of that name; `Failure.invalid` for an organization.
    package func person(_ login: String) async throws -> Profile {
        try await database.read { connection in try self.person(login, in: connection) }
    }

    func person(_ login: String, in connection: any Connection) throws -> Profile {
        let profile = try get(login, in: connection)
        guard profile.kind == .user else {
            throw Failure.invalid("'\(profile.login)' is an organization: only people have rights.")
        }
        return profile
    }

    private func first(_ condition: SQL, in connection: any Connection) throws -> Profile? {
        try connection.first("SELECT \(Profile.columns) FROM accounts a WHERE \(condition)") {
            Profile($0, for: identity)
        }
    }
}
