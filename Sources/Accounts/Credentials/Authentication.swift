import Core
import Database
import Events

/// Finds out who somebody is by what they show.
package struct Authentication: Sendable {
    let database: any Database
    let mill: PasswordMill
    private let verified = VerifiedPasswords()
    private let line = AttemptLine()
    private let uses = LastUse()

    /// - Parameters:
    ///   - accounts: Whose credentials.
    ///   - cost: What the hash of a password costs.
    package init(_ accounts: Accounts, cost: PasswordCost = .standard) {
        database = accounts.database
        mill = PasswordMill(cost: cost)
    }

    /// Who shows these credentials, in one read of the database for all but a password that was not shown lately.
    ///
    /// - Returns: Who it is; `anonymous` for who shows nothing.
    /// - Throws: `Refusal.signIn` for credentials that are nobody's, which is also said of those of suspended accounts;
    ///   `TooManyAttempts` for an address that tries too many passwords.
    package func identify(_ credentials: Credentials) async throws -> Identity {
        switch credentials {
        case .none: return .anonymous
        case .token(let text): return try await identify(token: text)
        case .session(let text): return try await identify(session: text)
        case .largeFilePass(let text): return try await LargeFilePasses(database: database).identify(text)
        case .password(let attempt):
            guard let person = try await verify(attempt) else { throw Refusal.signIn }
            return person.identity(by: .password)
        }
    }

    /// Writes down when credentials were used last, and removes what has ended by itself.
    ///
    /// - Throws: `DatabaseError` where the database fails; what was noted is lost then.
    package func writeUses() async throws {
        let notes = uses.take()
        guard !notes.isEmpty else { return }
        try await database.write { connection in
            // In the order of their keys, so that two servers never wait for each other's rows.
            for (token, ms) in notes.tokens.sorted(by: { $0.key < $1.key }) {
                try connection.execute("UPDATE tokens SET last_used_ms = \(ms) WHERE token_id = \(token)")
            }
            for (hash, ms) in notes.sessions.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
                try connection.execute("UPDATE sessions SET last_seen_ms = \(ms) WHERE hash = \(hash)")
            }
            for (account, ms) in notes.accounts.sorted(by: { $0.key < $1.key }) {
                try connection.execute(
                    "UPDATE accounts SET last_seen_ms = \(ms) WHERE account_id = \(account)"
                )
            }
        }
    }

    /// Removes sessions, links, passes and counts that have ended by themselves.
    package func removeOld() async throws {
        try await database.write { connection in
            try SessionStore(database: database).removeOld(in: connection)
            try AttemptRows(connection: connection).removeOld()
            try connection.execute("DELETE FROM one_time_links WHERE expires_ms <= \(connection.nowMs)")
            try connection.execute("DELETE FROM sign_in_rounds WHERE expires_ms <= \(connection.nowMs)")
            try connection.execute("DELETE FROM lfs_passes WHERE expires_ms <= \(connection.nowMs)")
        }
    }

    // MARK: Tokens and sessions

    private func identify(token text: String) async throws -> Identity {
        guard let secret = Secret(text, .token) else { throw Refusal.signIn }
        let found = try await database.read { connection in
            try connection.first(
                """
                SELECT a.account_id, a.login, a.is_server_admin, t.role, t.reaches_account, t.workspace_id, t.token_id,
                    t.last_used_ms
                FROM tokens t
                JOIN accounts a ON a.account_id = t.account_id
                WHERE t.hash = \(secret.hash) AND t.revoked_ms IS NULL
                    AND (t.expires_ms IS NULL OR t.expires_ms > \(connection.nowMs))
                    AND a.state = \(AccountState.active.rawValue)
                """
            ) { row in
                Used(
                    identity: Identity(
                        account: AccountID(key: row.int(0)),
                        login: row.text(1),
                        isServerAdmin: row.bool(2),
                        means: .token,
                        // What cannot be read may do least.
                        ceiling: Role(rawValue: row.text(3)) ?? .read,
                        reachesAccount: row.bool(4),
                        workspace: row.optionalInt(5).map(WorkspaceID.init(key:))
                    ),
                    id: row.int(6),
                    lastMs: row.optionalInt(7) ?? 0,
                    nowMs: connection.nowMs
                )
            }
        }
        guard let found else { throw Refusal.signIn }
        if found.isWorthNoting, let account = found.identity.account {
            uses.note(token: found.id, account: account.key, at: found.nowMs)
        }
        return found.identity
    }

    private func identify(session text: String) async throws -> Identity {
        guard let secret = Secret(text, .session) else { throw Refusal.signIn }
        let found = try await database.read { connection in
            try connection.first(
                """
                SELECT a.account_id, a.login, a.is_server_admin, s.last_seen_ms
                FROM sessions s
                JOIN accounts a ON a.account_id = s.account_id
                WHERE s.hash = \(secret.hash) AND s.expires_ms > \(connection.nowMs)
                    AND s.last_seen_ms > \(connection.nowMs - SessionStore.idleLimitMs)
                    AND a.state = \(AccountState.active.rawValue)
                """
            ) { row in
                Used(
                    identity: Identity(
                        account: AccountID(key: row.int(0)),
                        login: row.text(1),
                        isServerAdmin: row.bool(2),
                        means: .session
                    ),
                    id: 0,
                    lastMs: row.int(3),
                    nowMs: connection.nowMs
                )
            }
        }
        guard let found else { throw Refusal.signIn }
        if found.isWorthNoting, let account = found.identity.account {
            uses.note(session: secret.hash, account: account.key, at: found.nowMs)
        }
        return found.identity
    }

    /// Credentials that were used, and when they were before.
    private struct Used: Sendable {
        private static let graceMs: Int64 = 60_000

        let identity: Identity
        let id: Int64
        let lastMs: Int64
        let nowMs: Int64

        var isWorthNoting: Bool { nowMs - lastMs >= Self.graceMs }
    }

    // MARK: Passwords

    /// An account as far as signing in goes.
    struct Candidate: Sendable {
        let account: AccountID
        let login: String
        let isServerAdmin: Bool
        let passwordHash: String?
        let changedMs: Int64
        let nowMs: Int64

        func identity(by means: Identity.Means) -> Identity {
            Identity(account: account, login: login, isServerAdmin: isServerAdmin, means: means)
        }
    }

    /// Whose password somebody shows.
    ///
    /// - Returns: Nil for a wrong one, for an unknown login and for one that is locked, in the same time.
    /// - Throws: `TooManyAttempts` for an address that tries too many.
    func verify(_ attempt: PasswordAttempt) async throws -> Candidate? {
        if let known = try await known(attempt) { return known }
        guard !attempt.password.isEmpty, attempt.password.utf8.count <= NewPassword.mostBytes else {
            return nil
        }
        return try await line.hold(attempt.address) {
            // An equal attempt that was before this one in the line may have been right.
            if let known = try await known(attempt) { return known }
            return try await verifySlowly(attempt)
        }
    }

    /// Whose password somebody shows; nil for one that was not shown lately, and wherever the attempt meets a lock.
    private func known(_ attempt: PasswordAttempt) async throws -> Candidate? {
        let (candidate, lock, nowMs) = try await database.read { connection in
            let lock = try AttemptRows(connection: connection).lock(for: attempt)
            return (try Self.candidate(attempt.login, in: connection), lock, connection.nowMs)
        }
        guard lock == .none, let candidate,
            verified.isKnown(attempt, of: candidate.account.key, changedMs: candidate.changedMs, at: nowMs)
        else { return nil }
        return candidate
    }

    private func verifySlowly(_ attempt: PasswordAttempt) async throws -> Candidate? {
        let (candidate, lock, nowMs) = try await database.write { connection in
            let lock = try AttemptRows(connection: connection).begin(attempt)
            return (try Self.candidate(attempt.login, in: connection), lock, connection.nowMs)
        }
        switch lock {
        case .address(let untilMs): throw tooMany(untilMs, nowMs)
        case .login:
            // Security: a locked login answers as a wrong password does, and as late.
            _ = try await mill.matches(attempt.password, nil)
            return nil
        case .none: break
        }
        let isRight: Bool
        do {
            isRight = try await mill.matches(attempt.password, candidate?.passwordHash)
        } catch {
            try await database.write { connection in
                try AttemptRows(connection: connection).withdraw(attempt)
            }
            throw error
        }
        guard isRight, let candidate else {
            try await noteFailure(attempt, candidate)
            return nil
        }
        try await database.write { connection in
            try AttemptRows(connection: connection).forgive(attempt)
        }
        verified.remember(attempt, of: candidate.account.key, changedMs: candidate.changedMs, at: nowMs)
        uses.note(account: candidate.account.key, at: nowMs)
        return candidate
    }

    private func noteFailure(_ attempt: PasswordAttempt, _ candidate: Candidate?) async throws {
        try await database.write { connection in
            try EventLog.append(
                .signInFailed,
                to: candidate.map { "account/\($0.account.key)" } ?? "account",
                details: JSON.object([
                    JSON.Member(
                        key: "login",
                        value: .string(String(attempt.login.prefix(AccountName.limit)))
                    ),
                    JSON.Member(key: "address", value: .string(attempt.address)),
                ]).text,
                by: Caller(name: Identity.anonymous.login, workspace: .server),
                in: connection
            )
        }
    }

    private func tooMany(_ untilMs: Int64, _ nowMs: Int64) -> TooManyAttempts {
        TooManyAttempts(retryAfterSeconds: Int(max(1_000, untilMs - nowMs + 999) / 1_000))
    }

    private static func candidate(_ login: String, in connection: any Connection) throws -> Candidate? {
        try connection.first(
            """
            SELECT account_id, login, is_server_admin, password_hash, credentials_changed_ms
            FROM accounts
            WHERE login_key = \(login.lowercased()) AND kind = \(AccountKind.user.rawValue)
                AND state = \(AccountState.active.rawValue)
            """
        ) {
            Candidate(
                account: AccountID(key: $0.int(0)),
                login: $0.text(1),
                isServerAdmin: $0.bool(2),
                passwordHash: $0.optionalText(3),
                changedMs: $0.int(4),
                nowMs: connection.nowMs
            )
        }
    }
}
