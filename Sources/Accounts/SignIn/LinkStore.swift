package import Core
import Database
import Events

/// Links that open once: they make the first who looks after a server, and set passwords that were lost or never were.
package struct LinkStore: Sendable {
    package static let lifetimeMs: Int64 = 24 * 3_600_000

    let authentication: Authentication
    /// Who does it, in the workspace of the server.
    let caller: Caller

    private var database: any Database { authentication.database }

    package enum Purpose: String, Sendable, Hashable {
        /// Makes the first account that looks after the server.
        case setUp = "set_up"
        /// Sets the password of an account.
        case password
    }

    /// What a link is for.
    package struct Link: Sendable, Hashable {
        package let purpose: Purpose
        let account: AccountID?
        /// Whose password it sets.
        package let login: String?
        package let expiresMs: Int64
    }

    /// Makes the link that sets up a server, in place of those made before.
    ///
    /// - Returns: Nil where somebody who looks after it can sign in already.
    package func createSetUp() async throws -> Secret? {
        try await database.write { connection in
            try connection.lock("set-up")
            guard try isWaiting(in: connection) else { return nil }
            try connection.execute("DELETE FROM one_time_links WHERE purpose = \(Purpose.setUp.rawValue)")
            return try create(.setUp, nil, in: connection)
        }
    }

    /// Makes a link that sets the password of somebody, in place of those made before.
    ///
    /// - Throws: `Failure.missing` where there is no such person.
    package func createReset(of account: AccountID) async throws -> Secret {
        try await database.write { connection in
            let people = PersonStore(database: database, caller: caller)
            let person = try people.get(account, in: connection)
            try connection.execute("DELETE FROM one_time_links WHERE account_id = \(account.key)")
            try people.log(.linkCreated, account, person.login, in: connection)
            return try create(.password, account, in: connection)
        }
    }

    /// What a link is for; nil for one that has been used, has ended or never was.
    package func find(_ text: String) async throws -> Link? {
        guard let secret = Secret(text, .link) else { return nil }
        return try await database.read { connection in try find(secret, in: connection) }
    }

    /// Makes the first who looks after the server, by a link.
    ///
    /// - Returns: The account.
    /// - Throws: `Failure.missing` for a link that opens nothing; `Failure.alreadyExists` for a login that is taken.
    package func setUp(_ text: String, _ new: NewPerson, _ password: NewPassword) async throws -> AccountID {
        let secret = try secret(text)
        let hash = try await authentication.mill.hash(password.text)
        return try await database.write { connection in
            try connection.lock("set-up")
            _ = try use(secret, for: .setUp, in: connection)
            // Security: a link that was printed long ago opens nothing once somebody has set the server up.
            guard try isWaiting(in: connection) else { throw Self.spent }
            let maker = Caller(name: new.login.text, workspace: .server)
            let person = try PersonStore(database: database, caller: maker).create(
                new.ofServerAdmin,
                in: connection
            )
            try PasswordStore(authentication: authentication, caller: maker).set(
                hash,
                of: person.id,
                in: connection
            )
            return person.id
        }
    }

    /// Sets a password by a link.
    ///
    /// - Returns: The account.
    /// - Throws: `Failure.missing` for a link that opens nothing.
    package func reset(_ text: String, _ password: NewPassword) async throws -> AccountID {
        let secret = try secret(text)
        let hash = try await authentication.mill.hash(password.text)
        return try await database.write { connection in
            let link = try use(secret, for: .password, in: connection)
            guard let account = link.account, let login = link.login else { throw Self.spent }
            let maker = Caller(name: login, account: account, workspace: .server)
            try PasswordStore(authentication: authentication, caller: maker).set(
                hash,
                of: account,
                in: connection
            )
            return account
        }
    }

    private static let spent = Failure.missing(
        "This link opens nothing: it has been used, has ended, or was replaced by a newer one."
    )

    private func secret(_ text: String) throws -> Secret {
        guard let secret = Secret(text, .link) else { throw Self.spent }
        return secret
    }

    private func create(
        _ purpose: Purpose,
        _ account: AccountID?,
        in connection: any Connection
    ) throws -> Secret {
        let secret = Secret(.link)
        try connection.execute(
            """
            INSERT INTO one_time_links (hash, purpose, account_id, created_ms, expires_ms)
            VALUES (\(secret.hash), \(purpose.rawValue), \(account?.key), \(connection.nowMs),
                \(connection.nowMs + Self.lifetimeMs))
            """
        )
        return secret
    }

    private func use(_ secret: Secret, for purpose: Purpose, in connection: any Connection) throws -> Link {
        guard let link = try find(secret, in: connection), link.purpose == purpose else { throw Self.spent }
        let count = try connection.execute(
            "UPDATE one_time_links SET used_ms = \(connection.nowMs) WHERE hash = \(secret.hash) AND used_ms IS NULL"
        )
        guard count == 1 else { throw Self.spent }
        return link
    }

    private func find(_ secret: Secret, in connection: any Connection) throws -> Link? {
        let row = try connection.first(
            """
            SELECT l.purpose, l.account_id, a.login, l.expires_ms
            FROM one_time_links l
            LEFT JOIN accounts a ON a.account_id = l.account_id
            WHERE l.hash = \(secret.hash) AND l.used_ms IS NULL AND l.expires_ms > \(connection.nowMs)
                AND (l.account_id IS NULL OR a.state = \(AccountState.active.rawValue))
            """
        ) { ($0.text(0), $0.optionalInt(1), $0.optionalText(2), $0.int(3)) }
        guard let row, let purpose = Purpose(rawValue: row.0) else { return nil }
        return Link(
            purpose: purpose,
            account: row.1.map(AccountID.init(key:)),
            login: row.2,
            expiresMs: row.3
        )
    }

    /// Whether nobody who looks after the server can sign in yet.
    private func isWaiting(in connection: any Connection) throws -> Bool {
        let somebody = try connection.first(
            """
            SELECT 1 FROM accounts a
            WHERE a.is_server_admin AND a.state = \(AccountState.active.rawValue)
                AND (
                    a.password_hash IS NOT NULL
                    OR EXISTS (SELECT 1 FROM outside_identities i WHERE i.account_id = a.account_id)
                )
            LIMIT 1
            """
        ) { _ in true }
        return somebody == nil
    }
}
