import Accounts
import Core
import HTTP
import HTTPTypes

/// Tokens of the account that asks.
extension Hub {
    var tokenEndpoints: [Endpoint] {
        [
            Self.row(
                .get,
                "user/tokens",
                needs: .signedIn,
                .init("The tokens of who asks, without what they are.")
            ) {
                call in
                let tokens = try await ownTokens(call).list()
                return .array { json in for token in tokens { json.object { $0.fields(of: token, "") } } }
            },
            Self.row(
                .post,
                "user/tokens",
                needs: .signedIn,
                .init(
                    "Makes a token; what it is is told this once. It takes the password: a token makes none.",
                    body: [
                        .init("name", isRequired: true, "How its owner calls it."),
                        .init(
                            "role",
                            .word(Role.words),
                            "What is not exceeded with it; write where it is left out."
                        ),
                        .init(
                            "scopes",
                            .texts,
                            "In place of a role: read:repository, beside others that begin with read:, is the role read; all else is refused."
                        ),
                        .init("reaches_account", .boolean, "Whether it may make repositories and stars."),
                        .init(
                            "expires_ms",
                            .integer,
                            "When it ends, in epoch milliseconds, within 3650 days; never where it is left out."
                        ),
                    ],
                    success: .created
                )
            ) { call in
                let fields = try await call.fields()
                let made = try await tokens(call).create(
                    NewToken(
                        name: fields.requiredString("name"),
                        role: fields.tokenRole(),
                        reachesAccount: fields.boolean("reaches_account") ?? true,
                        end: fields.integer("expires_ms").map(TokenEnd.at(ms:)) ?? .never
                    )
                )
                return .json(status: .created) { json in json.fields(of: made.token, made.secret.text) }
            },
            Self.row(
                .delete,
                "user/tokens/:id",
                needs: .signedIn,
                .init("Ends a token at once.", success: .noContent)
            ) { call in
                try await ownTokens(call).revoke(call.key("id"))
                return .noContent
            },
        ]
    }

    /// Security: whoever found a token must not see or end the others; a browser's session may, since people who sign in
    /// elsewhere have no password.
    private func ownTokens(_ call: Call) throws -> TokenStore {
        guard [.password, .session, .local].contains(call.access.identity.means) else {
            throw Failure(.permissionDenied, "Tokens are seen and ended by who signs in, not with a token.")
        }
        return try accounts.tokens(for: call.access.identity)
    }

    /// Security: whoever found a token must not make one that outlives it.
    private func tokens(_ call: Call) throws -> TokenStore {
        guard [.password, .local].contains(call.access.identity.means) else {
            throw Failure(
                .permissionDenied,
                "Tokens are made with the password, by Basic authentication."
            )
        }
        return try accounts.tokens(for: call.access.identity)
    }
}

extension HubFields {
    /// What a token may do, as its role says or the scopes that Gitea has in its place.
    ///
    /// Security: a token must not do more than its maker has asked for, and only few scopes mean what a role means.
    fileprivate func tokenRole() throws -> Role {
        let role = try word("role", of: Role.self)
        guard let scopes = try strings("scopes") else { return role ?? .write }
        let isReading = scopes.contains("read:repository") && scopes.allSatisfy { $0.hasPrefix("read:") }
        guard isReading, role ?? .read == .read else {
            throw Failure.invalid(
                "These 'scopes' are not known here: a token has a 'role' (\(Role.words.joined(separator: ", "))), 'reaches_account' and 'expires_ms'; of scopes only read:repository, beside others that begin with read:, is taken, as the role read."
            )
        }
        return .read
    }
}

extension JSONWriter {
    /// - Source: Gogs, `UserAccessToken`, whose secret is called `sha1`.
    fileprivate mutating func fields(of token: Token, _ secret: String) {
        field("id", token.id)
        field("name", token.name)
        field("sha1", secret)
        field("hint", token.hint)
        field("role", token.role.rawValue)
        field("reaches_account", token.reachesAccount)
        field("repository", token.repository.map(JSON.string) ?? JSON.null)
        field("created_at", HubTime.text(token.createdMs))
        field("expires_at", token.expiresMs.map { .string(HubTime.text($0)) } ?? JSON.null)
        field("last_used_at", token.lastUsedMs.map { .string(HubTime.text($0)) } ?? JSON.null)
    }
}
