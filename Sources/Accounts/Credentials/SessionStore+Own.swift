package import Core
import Database
import Events

/// What somebody does with their own sessions.
extension SessionStore {
    /// More sessions than anybody has are not looked through.
    private static let mostOfAccount = 10_000

    /// The name of the session that a cookie opens, whether it has ended or not; nil for a cookie of none.
    package static func name(of cookie: String) -> String? {
        Secret(cookie, .session).map { name(of: $0.hash) }
    }

    static func name(of hash: [UInt8]) -> String { Array(hash.prefix(6)).hexadecimal }

    /// Ends one session of somebody.
    ///
    /// - Parameters:
    ///   - name: As it is listed.
    ///   - account: Whose it is.
    ///   - caller: Who ends it.
    /// - Throws: `Failure.missing` where this person has no such session.
    package func end(_ name: String, of account: AccountID, by caller: Caller) async throws {
        try await database.write { connection in
            guard
                let hash = try hashes(of: account, in: connection).first(where: { Self.name(of: $0) == name })
            else { throw Failure.missing("There is no session '\(name.prefix(40))'.") }
            try connection.execute("DELETE FROM sessions WHERE hash = \(hash)")
            try log(1, of: account, by: caller, in: connection)
        }
    }

    /// Ends every session of somebody but one.
    ///
    /// - Parameters:
    ///   - account: Whose they are.
    ///   - cookie: The cookie of the one that goes on; one of none spares none.
    ///   - caller: Who ends them.
    /// - Throws: `DatabaseError` where the database fails.
    package func endAll(of account: AccountID, except cookie: String, by caller: Caller) async throws {
        let spared = Secret(cookie, .session)?.hash ?? []
        try await database.write { connection in
            let count = try connection.execute(
                "DELETE FROM sessions WHERE account_id = \(account.key) AND hash <> \(spared)"
            )
            if count > 0 { try log(count, of: account, by: caller, in: connection) }
        }
    }

    private func hashes(of account: AccountID, in connection: any Connection) throws -> [[UInt8]] {
        try connection.rows(
            "SELECT hash FROM sessions WHERE account_id = \(account.key) LIMIT \(Self.mostOfAccount)"
        ) { $0.blob(0) }
    }

    private func log(
        _ count: Int,
        of account: AccountID,
        by caller: Caller,
        in connection: any Connection
    ) throws {
        try EventLog.append(
            .sessionsEnded,
            to: "account/\(account.key)",
            details: JSON.object([JSON.Member(key: "count", value: .integer(Int64(count)))]).text,
            by: caller.ofServer,
            in: connection
        )
    }
}
