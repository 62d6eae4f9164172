import Accounts
import Core
import Database
import TestSupport
import Testing

@Suite struct ProfileStoreTests {
    @Test(arguments: Backend.available)
    func `an address is for its owner and who looks after the server`(on backend: Backend) async throws {
        try await withAccounts(on: backend) { cast in
            let ann = try await cast.person("ann")
            let eve = try await cast.person("eve")
            let zoe = try await cast.person("zoe", isServerAdmin: true)
            _ = try await cast.database.write { connection in
                try connection.execute("UPDATE accounts SET email = 'ann@example.org' WHERE login = 'ann'")
            }

            #expect(try await cast.accounts.profiles(for: ann).get("ANN").email == "ann@example.org")
            #expect(try await cast.accounts.profiles(for: zoe).get("ann").email == "ann@example.org")
            #expect(try await cast.accounts.profiles(for: eve).get("ann").email == nil)
            #expect(try await cast.accounts.profiles(for: ann.withToken(.read)).get("ann").email == nil)
        }
    }

    @Test(arguments: Backend.available)
    func `an address is changed by its owner to one that nobody has`(on backend: Backend) async throws {
        try await withAccounts(on: backend) { cast in
            let ann = try await cast.person("ann")
            let eve = try await cast.person("eve")
            let (anns, eves) = (cast.accounts.profiles(for: ann), cast.accounts.profiles(for: eve))

            #expect(try await anns.edit(ProfileChange(), email: "ann@example.org").email == "ann@example.org")
            #expect(try await anns.edit(ProfileChange(location: "Oslo")).email == "ann@example.org")
            for email in ["ANN@example.org", "no address", "a@b@c"] {
                await #expect(throws: Failure.self) {
                    try await eves.edit(ProfileChange(location: "Oslo"), email: email)
                }
            }
            #expect(try await eves.own().location.isEmpty)
            #expect(try await anns.edit(ProfileChange(), email: "").email == nil)
            _ = try await eves.edit(ProfileChange(), email: "ann@example.org")
        }
    }

    @Test(arguments: Backend.available)
    func `strangers see only those who show them a repository`(on backend: Backend) async throws {
        try await withAccounts(on: backend) { cast in
            let ann = try await cast.person("ann")
            let bob = try await cast.person("bob")
            _ = try await cast.repository("hidden", by: bob)
            let shown = try await cast.repository("shown", by: ann, .public)
            let strangers = cast.accounts.profiles(for: .anonymous)

            #expect(try await strangers.visible("ANN").login == "ann")
            for name in ["bob", "nobody"] {
                await expectFailure(.missing, "No account '\(name)' is here.") {
                    _ = try await strangers.visible(name)
                }
            }
            #expect(try await cast.accounts.profiles(for: ann).visible("bob").login == "bob")
            try await cast.accounts.repositories(for: ann).delete(shown.workspace)
            await #expect(throws: Failure.self) { try await strangers.visible("ann") }
        }
    }

    @Test(arguments: Backend.available)
    func `a search finds people by both of their names`(on backend: Backend) async throws {
        try await withAccounts(on: backend) { cast in
            let ann = try await cast.person("ann")
            _ = try await cast.person("bob")
            try await cast.organization("lab")
            let store = cast.accounts.profiles(for: ann)
            let edited = try await store.edit(ProfileChange(fullName: "Ann B. Octo", location: "Oslo"))
            #expect(edited.location == "Oslo")

            func found(_ text: String) async throws -> [String] {
                try await store.search(text, PageRequest()).elements.map(\.login)
            }
            #expect(try await found("") == ["ann", "bob"])
            #expect(try await found("B") == ["ann", "bob"])
            #expect(try await found("octo") == ["ann"])
            #expect(try await found("_").isEmpty)
            await #expect(throws: Failure.self) {
                try await cast.accounts.profiles(for: ann.withToken(.admin)).edit(
                    ProfileChange(fullName: "x")
                )
            }
            #expect(throws: Failure.self) { try ProfileChange(fullName: String(repeating: "a", count: 101)) }
            #expect(throws: Failure.self) { try ProfileChange(website: "javascript:1") }
        }
    }
}
