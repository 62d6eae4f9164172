import Accounts
import Core
import TestSupport
import Testing

@Suite struct TokenStoreTests {
    @Test(arguments: Backend.available)
    func `a token is shown once, listed without its secret and revoked`(on backend: Backend) async throws {
        try await withAccounts(on: backend) { cast in
            let ann = try await cast.person("ann")
            let bob = try await cast.person("bob")
            let tokens = try cast.accounts.tokens(for: ann)
            let made = try await tokens.create(NewToken(name: "laptop", role: .read, expiresMs: 5_000))

            #expect(made.secret.text.hasPrefix("roost_") && made.secret.text.count == 70)
            let listed = try await tokens.list()
            #expect(listed == [made.token])
            #expect(made.secret.text.hasSuffix(listed[0].hint) && listed[0].hint.count == 4)
            await #expect(throws: Failure.self) {
                try await cast.accounts.tokens(for: bob).revoke(made.token.id)
            }
            try await tokens.revoke(made.token.id)
            #expect(try await tokens.list().isEmpty)
            await #expect(throws: Failure.self) { try await tokens.revoke(made.token.id) }
        }
    }

    @Test(arguments: Backend.available)
    func `a token makes none that may do more than itself`(on backend: Backend) async throws {
        try await withAccounts(on: backend) { cast in
            let ann = try await cast.person("ann")
            let weak = Identity(account: ann.account, login: "ann", means: .token, ceiling: .write)

            let tokens = try cast.accounts.tokens(for: weak)
            _ = try await tokens.create(NewToken(name: "as good", role: .write))
            await #expect(throws: Failure.self) {
                try await tokens.create(NewToken(name: "better", role: .admin))
            }
            #expect(throws: Refusal.self) { try cast.accounts.tokens(for: ann.withToken(.admin)) }
            #expect(throws: Refusal.self) { try cast.accounts.tokens(for: .anonymous) }
        }
    }

    @Test(arguments: Backend.available)
    func `a token that has ended already is not made`(on backend: Backend) async throws {
        try await withAccounts(on: backend) { cast in
            let ann = try await cast.person("ann")

            await #expect(throws: Failure.self) {
                try await cast.accounts.tokens(for: ann).create(NewToken(name: "late", expiresMs: 1_000))
            }
            #expect(throws: Failure.self) { try NewToken(name: "") }
            #expect(throws: Failure.self) {
                try NewToken(name: "both", reachesAccount: true, workspace: .standard)
            }
        }
    }
}
