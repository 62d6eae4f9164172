package import Core
import Database

/// Gives a token to a program whose person agrees in a browser, as the `dagshub` client asks for one.
///
/// The program makes up a request and a state, opens the browser with both, and waits by the request; after the person
/// has agreed it gets a code, which opens a token once and only together with the state.
package struct ProgramSignIn: Sendable {
    private static let lifetimeMs: Int64 = 10 * 60_000
    private static let tokenDays: Int64 = 30

    let database: any Database

    /// What a program made up.
    package struct Request: Sendable, Hashable {
        let id: String
        let state: String
        let client: String

        /// - Throws: `Failure.invalid` for what no program of ours makes up.
        package init(id: String, state: String, client: String) throws(Failure) {
            // Security: short enough to be guessed is short enough to be caught.
            guard 32...128 ~= id.utf8.count, 16...128 ~= state.utf8.count, client.utf8.count <= 128 else {
                throw .invalid("The program's request cannot be read: begin again.")
            }
            self.id = id
            self.state = state
            self.client = client
        }
    }

    /// A person agrees.
    ///
    /// - Throws: `Refusal` for nobody, and for who asks by a token; `Failure.invalid` for a request that was used before.
    package func agree(to request: Request, as identity: Identity) async throws {
        guard let account = identity.account else { throw Refusal.signIn }
        // Security: a token does not make another that may do more.
        guard identity.means != .token else { throw Refusal.outOfReach }
        try await database.write { connection in
            try connection.execute("DELETE FROM program_sign_ins WHERE expires_ms <= \(connection.nowMs)")
            let count = try connection.execute(
                """
                INSERT INTO program_sign_ins (request_hash, state_hash, client, account_id, expires_ms)
                VALUES (\(Secret.hash(of: request.id)), \(Secret.hash(of: request.state)), \(request.client), \(account.key),
                    \(connection.nowMs + Self.lifetimeMs))
                ON CONFLICT (request_hash) DO NOTHING
                """
            )
            guard count == 1 else {
                throw Failure.invalid("The program's request was used before: begin again.")
            }
        }
    }

    /// The code of a request, given once.
    ///
    /// - Returns: Nil while nobody has agreed.
    package func code(of id: String) async throws -> Secret? {
        let hash = Secret.hash(of: id)
        let isWaiting = try await database.read { connection in
            try connection.first(
                """
                SELECT 1 FROM program_sign_ins
                WHERE request_hash = \(hash) AND code_hash IS NULL AND expires_ms > \(connection.nowMs)
                """
            ) { _ in true } ?? false
        }
        guard isWaiting else { return nil }
        let code = Secret(.code)
        return try await database.write { connection in
            let count = try connection.execute(
                """
                UPDATE program_sign_ins SET code_hash = \(code.hash)
                WHERE request_hash = \(hash) AND code_hash IS NULL AND expires_ms > \(connection.nowMs)
                """
            )
            return count == 1 ? code : nil
        }
    }

    /// Changes a code for a token; it opens one once.
    ///
    /// - Throws: `Failure.invalid` for a code that opens nothing, or not with this state.
    package func token(for code: String, state: String, client: String) async throws -> MadeToken {
        let spent = Failure.invalid("This code opens nothing: begin again.")
        guard let secret = Secret(code, .code) else { throw spent }
        let owner = try await database.write { connection in
            try connection.first(
                """
                DELETE FROM program_sign_ins
                WHERE code_hash = \(secret.hash) AND expires_ms > \(connection.nowMs)
                RETURNING account_id, state_hash, client
                """
            ) { (AccountID(key: $0.int(0)), $0.blob(1), $0.text(2)) }
        }
        guard let (account, stateHash, knownClient) = owner, stateHash == Secret.hash(of: state),
            knownClient == client
        else { throw spent }
        let caller = Caller(name: "program", account: account, workspace: .server)
        let person = try await PersonStore(database: database, caller: caller).get(account)
        guard person.state == .active else { throw spent }
        return try await TokenStore(
            database: database,
            owner: account,
            caller: Caller(name: person.login, account: account, workspace: .server),
            ceiling: .write
        ).create(
            NewToken(
                name: "signed in by a program",
                role: .write,
                reachesAccount: true,
                end: .afterDays(Self.tokenDays)
            )
        )
    }
}
