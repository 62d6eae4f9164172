import Accounts
import Core
import Database
import TestSupport
import Testing

@Suite struct PersonStoreTests {
    private let server = Caller(name: "root", workspace: .server)

    @Test(arguments: Backend.available)
    func `a login and an address for mail belong to one person whatever their case`(
        on backend: Backend
    ) async throws {
        try await withAccounts(on: backend) { cast in
            let people = cast.accounts.people(for: server)
            let ann = try await people.create(
                NewPerson(login: AccountName("Ann"), email: "ann@example.org")
            )

            #expect(try await people.find("aNN")?.id == ann.id)
            #expect(!ann.hasPassword && ann.state == .active && !ann.isServerAdmin)
            await #expect(throws: Failure.self) {
                try await people.create(NewPerson(login: AccountName("ann")))
            }
            await #expect(throws: Failure.self) {
                try await people.create(NewPerson(login: AccountName("bob"), email: "ANN@example.org"))
            }
            await #expect(throws: Failure.self) { try await people.get("bob") }
        }
    }

    @Test(arguments: Backend.available)
    func `people are listed by pages and found by a part of their names`(on backend: Backend) async throws {
        try await withAccounts(on: backend) { cast in
            let people = cast.accounts.people(for: server)
            for (login, name) in [("eve", "Eve_Long"), ("ann", "Ann"), ("bob", "Bob 100%")] {
                _ = try await people.create(NewPerson(login: AccountName(login), fullName: name))
            }
            try await cast.organization("lab")

            #expect(try await people.list(limit: 2).map(\.login) == ["ann", "bob"])
            #expect(try await people.list(after: "Bob", limit: 2).map(\.login) == ["eve"])
            #expect(try await people.list(containing: "_l", limit: 9).map(\.login) == ["eve"])
            #expect(try await people.list(containing: "%", limit: 9).map(\.login) == ["bob"])
        }
    }

    @Test(arguments: Backend.available)
    func `the last who looks after the server keeps doing so`(on backend: Backend) async throws {
        try await withAccounts(on: backend) { cast in
            let people = cast.accounts.people(for: server)
            let ann = try await people.create(NewPerson(login: AccountName("ann"), isServerAdmin: true))
            let bob = try await people.create(NewPerson(login: AccountName("bob")))

            await #expect(throws: Failure.self) { try await people.suspend(ann.id) }
            await #expect(throws: Failure.self) { try await people.setServerAdmin(false, of: ann.id) }
            await #expect(throws: Failure.self) { try await people.delete(ann.id) }
            try await people.setServerAdmin(true, of: bob.id)
            try await people.suspend(ann.id)
            #expect(try await people.get(ann.id).state == .suspended)
            await #expect(throws: Failure.self) { try await people.suspend(bob.id) }
            try await people.resume(ann.id)
            #expect(try await people.get(ann.id).state == .active)
        }
    }

    @Test(arguments: Backend.available)
    func `a deleted person leaves their login and nothing else`(on backend: Backend) async throws {
        try await withAccounts(on: backend) { cast in
            let people = cast.accounts.people(for: server)
            let ann = try await people.create(NewPerson(login: AccountName("ann"), email: "ann@example.org"))
            let identity = Identity(account: ann.id, login: "ann", means: .password)
            let place = try await cast.repository("iris", by: identity)

            await #expect(throws: Failure.self) { try await people.delete(ann.id) }
            try await cast.database.write { connection in
                _ = try connection.execute(
                    """
                    UPDATE repositories SET purged_ms = 1, deleted_ms = 1, name_key = NULL
                    WHERE workspace_id = \(place.workspace.key)
                    """
                )
            }
            _ = try await cast.accounts.tokens(for: identity).create(NewToken(name: "laptop"))
            try await people.delete(ann.id)

            await #expect(throws: Failure.self) { try await people.get(ann.id) }
            let again = try await people.create(
                NewPerson(login: AccountName("ann"), email: "ann@example.org")
            )
            #expect(again.id != ann.id)
        }
    }
}
