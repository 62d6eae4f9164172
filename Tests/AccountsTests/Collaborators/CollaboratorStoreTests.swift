import Accounts
import Core
import TestSupport
import Testing

@Suite struct CollaboratorStoreTests {
    @Test(arguments: Backend.available)
    func `a right is given, changed and taken`(on backend: Backend) async throws {
        try await withAccounts(on: backend) { cast in
            let ann = try await cast.person("ann")
            let bob = try await cast.person("bob")
            let place = try await cast.repository("iris", by: ann)
            let store = cast.accounts.collaborators(for: ann)

            #expect(try await store.role(of: "bob", in: place.workspace).role == nil)
            try await store.set("BOB", to: .read, in: place.workspace)
            #expect(try await cast.answer(bob, place, .write) == "403")
            try await store.set("bob", to: .write, in: place.workspace)
            #expect(try await cast.answer(bob, place, .write) == "write")
            #expect(try await store.find("bob", in: place.workspace)?.role == .write)
            #expect(try await store.list(of: place.workspace, PageRequest()).elements.map(\.role) == [.write])
            #expect(try await store.role(of: "ann", in: place.workspace).role == .admin)
            try await store.remove("bob", from: place.workspace)
            #expect(try await cast.answer(bob, place) == "404")
            await #expect(throws: Failure.self) { try await store.remove("bob", from: place.workspace) }
        }
    }

    @Test(arguments: Backend.available)
    func `whoever was given a right gives it up, and nobody else's`(on backend: Backend) async throws {
        try await withAccounts(on: backend) { cast in
            let ann = try await cast.person("ann")
            let bob = try await cast.person("bob")
            let eve = try await cast.person("eve")
            let place = try await cast.repository("iris", by: ann)
            for person in [bob, eve] { try await cast.give(.read, to: person.id, in: place) }
            let store = cast.accounts.collaborators(for: bob)

            #expect(try await store.own(in: place.workspace) == .read)
            #expect(try await cast.accounts.collaborators(for: ann).own(in: place.workspace) == nil)
            await #expect(throws: Refusal.self) { try await store.remove("eve", from: place.workspace) }
            // A token has what it was made for: it does not take its owner's rights.
            await expectFailure(.permissionDenied, containing: "The token does not reach this") {
                try await cast.accounts.collaborators(for: bob.withToken(.write))
                    .remove("bob", from: place.workspace)
            }
            try await store.remove("BOB", from: place.workspace)

            #expect(try await cast.answer(bob, place) == "404")
            #expect(try await cast.answer(eve, place) == "read")
            await #expect(throws: Refusal.self) { try await store.remove("bob", from: place.workspace) }
        }
    }

    @Test(arguments: Backend.available)
    func `only admins give rights, and only to persons`(on backend: Backend) async throws {
        try await withAccounts(on: backend) { cast in
            let ann = try await cast.person("ann")
            let bob = try await cast.person("bob")
            let eve = try await cast.person("eve")
            try await cast.organization("lab", [ann.id: .admin])
            let place = try await cast.repository("iris", by: ann)
            try await cast.give(.write, to: bob.id, in: place)

            for identity in [bob, eve, .anonymous, ann.withToken(.write)] {
                let store = cast.accounts.collaborators(for: identity)
                await #expect(throws: Refusal.self) {
                    try await store.set("eve", to: .admin, in: place.workspace)
                }
                await #expect(throws: Refusal.self) {
                    try await store.list(of: place.workspace, PageRequest())
                }
            }
            let store = cast.accounts.collaborators(for: ann)
            for name in ["ann", "lab", "nobody"] {
                await #expect(throws: Failure.self) {
                    try await store.set(name, to: .read, in: place.workspace)
                }
            }
        }
    }
}
