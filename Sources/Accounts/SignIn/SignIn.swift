package import Core
import Database
import Events

/// Lets browsers in: what was shown once becomes a session.
package struct SignIn: Sendable {
    let authentication: Authentication

    package init(_ authentication: Authentication) {
        self.authentication = authentication
    }

    private var database: any Database { authentication.database }

    /// Begins a session for who knows a password.
    ///
    /// - Parameters:
    ///   - attempt: Who says to be whom.
    ///   - client: What the browser says of itself.
    /// - Returns: The secret of the session; nil where the password is wrong or the login locked.
    /// - Throws: `TooManyAttempts` for an address that tries too many.
    package func begin(_ attempt: PasswordAttempt, client: String) async throws -> Secret? {
        guard let candidate = try await authentication.verify(attempt) else { return nil }
        return try await begin(
            candidate.account,
            unchangedSinceMs: candidate.changedMs,
            by: "password",
            from: attempt.address,
            client: client
        )
    }

    /// - Returns: Nil where the account was suspended or its password changed meanwhile.
    func begin(
        _ account: AccountID,
        unchangedSinceMs changedMs: Int64?,
        by means: String,
        from address: String,
        client: String
    ) async throws -> Secret? {
        try await database.write { connection in
            // Security: who changes a password while another signs in with the old one is rid of them all the same.
            let found = try connection.first(
                """
                SELECT login, credentials_changed_ms FROM accounts
                WHERE account_id = \(account.key) AND state = \(AccountState.active.rawValue) \(.forUpdate)
                """
            ) { ($0.text(0), $0.int(1)) }
            guard let (login, nowChangedMs) = found, changedMs == nil || changedMs == nowChangedMs else {
                return nil
            }
            let secret = try SessionStore(database: database).begin(
                of: account,
                client: client,
                from: address,
                in: connection
            )
            try EventLog.append(
                .signedIn,
                to: "account/\(account.key)",
                details: JSON.object([
                    JSON.Member(key: "login", value: .string(login)),
                    JSON.Member(key: "by", value: .string(means)),
                    JSON.Member(key: "address", value: .string(address)),
                ]).text,
                by: Caller(name: login, account: account, workspace: .server),
                in: connection
            )
            return secret
        }
    }

    /// The sessions there are.
    package var sessions: SessionStore { SessionStore(database: database) }

    /// Gives tokens to programs whose person agrees.
    package var programs: ProgramSignIn { ProgramSignIn(database: database) }

    /// Sets and changes passwords on behalf of a caller.
    package func passwords(for caller: Caller) -> PasswordStore {
        PasswordStore(authentication: authentication, caller: caller.ofServer)
    }

    /// Makes and takes links that open once, on behalf of a caller.
    package func links(for caller: Caller) -> LinkStore {
        LinkStore(authentication: authentication, caller: caller.ofServer)
    }
}
