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
            let made = try await tokens.create(NewToken(name: "laptop", role: .read, end: .at(ms: 5_000)))

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
    func `a form makes one token however often it is sent`(on backend: Backend) async throws {
        try await withAccounts(on: backend) { cast in
            let ann = try await cast.person("ann")
            let bob = try await cast.person("bob")
            let tokens = try cast.accounts.tokens(for: ann)
            let (mark, other) = (NewToken.newFormMark(), NewToken.newFormMark())
            let made = try await tokens.create(NewToken(name: "laptop", formMark: mark))

            await #expect(throws: Failure.self) {
                try await tokens.create(NewToken(name: "again", formMark: mark))
            }
            try await tokens.revoke(made.token.id)
            await #expect(throws: Failure.self) {
                try await tokens.create(NewToken(name: "again", formMark: mark))
            }
            _ = try await tokens.create(NewToken(name: "next", formMark: other))
            #expect(try await tokens.list().map(\.name) == ["next"])
            _ = try await cast.accounts.tokens(for: bob).create(NewToken(name: "bob's", formMark: mark))
            for wrong in ["", String(repeating: "a", count: 65)] {
                #expect(throws: Failure.self) { try NewToken(name: "laptop", formMark: wrong) }
            }
        }
    }

    @Test(arguments: Backend.available)
    func `a token that has ended already, or ends too late, is not made`(on backend: Backend) async throws {
        try await withAccounts(on: backend) { cast in
            let ann = try await cast.person("ann")

            let tokens = try cast.accounts.tokens(for: ann)
            let mostMs: Int64 = 3_650 * 86_400_000
            let wrong: [TokenEnd] = [
                .at(ms: 1_000), .at(ms: .min), .at(ms: 1_001 + mostMs), .at(ms: 1 << 62), .at(ms: .max),
                .afterDays(0), .afterDays(3_651), .afterDays(.max), .afterDays(.min),
            ]
            for end in wrong {
                await #expect(throws: Failure.self, "\(end)") {
                    try await tokens.create(NewToken(name: "late", end: end))
                }
            }
            for end in [TokenEnd.at(ms: 1_000 + mostMs), .afterDays(3_650)] {
                let made = try await tokens.create(NewToken(name: "long", end: end))
                #expect(made.token.expiresMs == 1_000 + mostMs)
            }
            for name in ["", "   ", "\u{A0}"] {
                #expect(throws: Failure.self) { try NewToken(name: name) }
            }
            #expect(throws: Failure.self) {
                try NewToken(name: "both", reachesAccount: true, workspace: .standard)
            }
        }
    }
}
