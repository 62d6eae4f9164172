import Core
import Database
import Events

extension Accounts {
    /// The name of the person at a server that only this machine reaches.
    package static let localLogin = "local"

    /// The person at a server that only this machine reaches: its owner, without any ceremony.
    ///
    /// They have an account, without a password, so that what they make belongs to somebody when a team joins them.
    ///
    /// - Returns: Who they are.
    /// - Throws: `DatabaseError` where the database fails.
    package func localPerson() async throws -> Identity {
        let key = try await database.write { connection in
            if let key = try connection.first(
                "SELECT account_id FROM accounts WHERE login_key = \(Self.localLogin)",
                { $0.int(0) }
            ) {
                return key
            }
            let key = try connection.first(
                """
                INSERT INTO accounts (kind, login, login_key, full_name, email, description, website, location,
                    is_server_admin, state, credentials_changed_ms, created_ms, updated_ms)
                VALUES (\(AccountKind.user.rawValue), \(Self.localLogin), \(Self.localLogin), '', '', '', '', '',
                    \(true), 'active', \(connection.nowMs), \(connection.nowMs), \(connection.nowMs))
                ON CONFLICT (login_key) DO UPDATE SET login_key = excluded.login_key
                RETURNING account_id
                """
            ) { $0.int(0) }
            guard let key else { preconditionFailure("an inserted account has no key") }
            try EventLog.append(
                .accountCreated,
                to: "account/\(key)",
                details: JSON.object([JSON.Member(key: "login", value: .string(Self.localLogin))]).text,
                by: Caller(name: Self.localLogin, account: AccountID(key: key), workspace: .server),
                in: connection
            )
            return key
        }
        return Identity(
            account: AccountID(key: key),
            login: Self.localLogin,
            isServerAdmin: true,
            means: .local
        )
    }
}
