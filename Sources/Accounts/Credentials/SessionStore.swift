package import Core
import Database
import Events

/// What browsers are known by after somebody has signed in.
package struct SessionStore: Sendable {
    package static let lifetimeMs: Int64 = 30 * 24 * 3_600_000
    package static let idleLimitMs: Int64 = 7 * 24 * 3_600_000
    private static let clientLimit = 200

    let database: any Database

    /// A session as it is listed.
    package struct Session: Sendable, Hashable {
        /// The first digits of its hash: enough to name it, not to be it.
        package let name: String
        package let login: String
        /// What the browser says of itself.
        package let client: String
        /// From where somebody signed in; empty for sessions that began before this was kept.
        package let address: String
        package let createdMs: Int64
        /// To the minute.
        package let lastSeenMs: Int64
        package let expiresMs: Int64
    }

    /// Begins a session; each sign-in has a new one.
    ///
    /// Security: its secret is made here, and never taken from a request, so that nobody can choose it for another.
    func begin(
        of account: AccountID,
        client: String,
        from address: String,
        in connection: any Connection
    ) throws -> Secret {
        let secret = Secret(.session)
        try connection.execute(
            """
            INSERT INTO sessions (hash, account_id, client, address, created_ms, last_seen_ms, expires_ms)
            VALUES (\(secret.hash), \(account.key), \(String(client.prefix(Self.clientLimit))), \(address), \(connection.nowMs),
                \(connection.nowMs), \(connection.nowMs + Self.lifetimeMs))
            """
        )
        return secret
    }

    /// Ends the session of a cookie; a cookie of none changes nothing.
    package func end(_ cookie: String) async throws {
        guard let secret = Secret(cookie, .session) else { return }
        try await database.write { connection in
            let owner = try connection.first(
                """
                SELECT a.account_id, a.login FROM sessions s JOIN accounts a ON a.account_id = s.account_id
                WHERE s.hash = \(secret.hash)
                """
            ) { (AccountID(key: $0.int(0)), $0.text(1)) }
            guard let (account, login) = owner else { return }
            try connection.execute("DELETE FROM sessions WHERE hash = \(secret.hash)")
            try EventLog.append(
                .signedOut,
                to: "account/\(account.key)",
                details: JSON.object([JSON.Member(key: "login", value: .string(login))]).text,
                by: Caller(name: login, account: account, workspace: .server),
                in: connection
            )
        }
    }

    /// Ends every session of somebody.
    ///
    /// - Returns: How many there were.
    @discardableResult
    package func endAll(of account: AccountID, by caller: Caller) async throws -> Int {
        try await database.write { connection in try endAll(of: account, by: caller, in: connection) }
    }

    @discardableResult
    func endAll(of account: AccountID, by caller: Caller, in connection: any Connection) throws -> Int {
        let count = try connection.execute("DELETE FROM sessions WHERE account_id = \(account.key)")
        guard count > 0 else { return 0 }
        try EventLog.append(
            .sessionsEnded,
            to: "account/\(account.key)",
            details: JSON.object([JSON.Member(key: "count", value: .integer(Int64(count)))]).text,
            by: caller.ofServer,
            in: connection
        )
        return count
    }

    /// The sessions that have not ended, latest used first; of one person, or of everybody.
    package func list(of account: AccountID? = nil, limit: Int) async throws -> [Session] {
        try await database.read { connection in
            let ofAccount: SQL = account.map { "AND s.account_id = \($0.key)" } ?? ""
            return try connection.rows(
                """
                SELECT s.hash, a.login, s.client, s.address, s.created_ms, s.last_seen_ms, s.expires_ms
                FROM sessions s
                JOIN accounts a ON a.account_id = s.account_id
                WHERE s.expires_ms > \(connection.nowMs) AND s.last_seen_ms > \(connection.nowMs - Self.idleLimitMs) \(ofAccount)
                ORDER BY s.last_seen_ms DESC
                LIMIT \(limit)
                """
            ) {
                Session(
                    name: Array($0.blob(0).prefix(6)).hexadecimal,
                    login: $0.text(1),
                    client: $0.text(2),
                    address: $0.text(3),
                    createdMs: $0.int(4),
                    lastSeenMs: $0.int(5),
                    expiresMs: $0.int(6)
                )
            }
        }
    }

    /// Removes what has ended by itself.
    func removeOld(in connection: any Connection) throws {
        try connection.execute(
            """
            DELETE FROM sessions
            WHERE expires_ms <= \(connection.nowMs) OR last_seen_ms <= \(connection.nowMs - Self.idleLimitMs)
            """
        )
    }
}
