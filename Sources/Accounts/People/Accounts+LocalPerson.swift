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
    /// - Throws: `Failure.invalidState` where an organization has the name, from before it was kept; `DatabaseError`.
    package func localPerson() async throws -> Identity {
        let key = try await database.write { connection in
            let found = try connection.first(
                "SELECT account_id, kind FROM accounts WHERE login_key = \(Self.localLogin)"
            ) { (key: $0.int(0), kind: $0.text(1)) }
            if let found {
                // Security: who is at the machine does not act as what others have made and look after.
                guard found.kind == AccountKind.user.rawValue else {
                    throw Failure(
                        .invalidState,
                        "The organization '\(Self.localLogin)' has the name of the person at this machine."
                    )
                }
                return found.key
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
