import Core
import Database
import Events

/// The tokens of one person.
package struct TokenStore: Sendable {
    package static let limit = 500

    let database: any Database
    let owner: AccountID
    /// Who makes and revokes them, in the workspace of the server.
    let caller: Caller
    /// What a new token does not exceed.
    let ceiling: Role

    /// Makes a token.
    ///
    /// - Parameter new: What it is made of.
    /// - Returns: The token, and the secret that is not known afterwards.
    /// - Throws: `Failure.permissionDenied` for one that may do more than what its maker asks with; `Failure.invalid` for
    ///   an end that is past or too far away; `Failure.invalidState` for more tokens than anybody needs, and for a form that
    ///   has made its token.
    package func create(_ new: NewToken) async throws -> MadeToken {
        // Security: whoever found a token must not make themselves a better one with it.
        guard new.role <= ceiling else {
            throw Failure(
                .permissionDenied,
                "A token that may \(ceiling.rawValue) cannot make one that may \(new.role.rawValue)."
            )
        }
        let secret = Secret(.token)
        return try await database.write { connection in
            let endMs = try new.end.ms(from: connection.nowMs)
            try connection.lock("tokens of \(owner.key)")
            try refuseSpent(new.formMark, in: connection)
            let count = try connection.first(
                "SELECT COUNT(*) FROM tokens WHERE account_id = \(owner.key) AND revoked_ms IS NULL"
            ) { $0.int(0) }
            guard (count ?? 0) < Self.limit else {
                throw Failure(.invalidState, "There are \(Self.limit) tokens already: revoke some first.")
            }
            let id = try connection.first(
                """
                INSERT INTO tokens (account_id, name, hash, hint, role, reaches_account, workspace_id, created_ms,
                    expires_ms, form_mark)
                VALUES (\(owner.key), \(new.name), \(secret.hash), \(secret.hint), \(new.role.rawValue),
                    \(new.reachesAccount), \(new.workspace?.key), \(connection.nowMs), \(endMs),
                    \(new.formMark))
                RETURNING token_id
                """
            ) { $0.int(0) }
            guard let id, let token = try find(id, in: connection) else {
                preconditionFailure("an inserted token is not there")
            }
            try log(.tokenCreated, token, in: connection)
            return MadeToken(token: token, secret: secret)
        }
    }

    /// The tokens that are neither revoked nor at their end, newest first.
    package func list() async throws -> [Token] {
        try await database.read { connection in
            try connection.rows(
                """
                \(Token.selection)
                WHERE t.account_id = \(owner.key) AND t.revoked_ms IS NULL
                    AND (t.expires_ms IS NULL OR t.expires_ms > \(connection.nowMs))
                ORDER BY t.token_id DESC
                LIMIT \(Self.limit)
                """,
                Token.init
            )
        }
    }

    /// Ends a token at once.
    ///
    /// - Throws: `Failure.missing` where this person has no such token.
    package func revoke(_ id: Int64) async throws {
        try await database.write { connection in
            guard let token = try find(id, in: connection) else {
                throw Failure.missing("There is no token \(id).")
            }
            try connection.execute(
                "UPDATE tokens SET revoked_ms = \(connection.nowMs) WHERE token_id = \(token.id)"
            )
            try log(.tokenRevoked, token, in: connection)
        }
    }

    /// A browser that loads the answer to a form again sends the form again.
    private func refuseSpent(_ formMark: String?, in connection: any Connection) throws {
        guard let formMark else { return }
        let name = try connection.first(
            "SELECT name FROM tokens WHERE account_id = \(owner.key) AND form_mark = \(formMark)"
        ) { $0.text(0) }
        guard let name else { return }
        throw Failure(
            .invalidState,
            "This form was sent before and made the token '\(name)': if you have not copied it, revoke it and make another."
        )
    }

    private func find(_ id: Int64, in connection: any Connection) throws -> Token? {
        try connection.first(
            "\(Token.selection) WHERE t.token_id = \(id) AND t.account_id = \(owner.key) AND t.revoked_ms IS NULL",
            Token.init
        )
    }

    private func log(_ kind: Event.Kind, _ token: Token, in connection: any Connection) throws {
        try EventLog.append(
            kind,
            to: "account/\(owner.key)",
            details: token.details.text,
            by: caller,
            in: connection
        )
    }
}

extension Token {
    /// What the log tells of it: all that it can do, and nothing of what it is.
    fileprivate var details: JSON {
        [
            "login": .string(ownerLogin), "token": .integer(id), "name": .string(name),
            "role": .string(role.rawValue), "repository": repository.map(JSON.string) ?? .null,
            "reaches_account": .boolean(reachesAccount),
            "expires_ms": expiresMs.map(JSON.integer) ?? .null,
        ]
    }
}
