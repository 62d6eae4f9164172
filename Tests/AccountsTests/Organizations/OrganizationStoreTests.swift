import Accounts
import Core
import TestSupport
import Testing

@Suite struct OrganizationStoreTests {
    @Test(arguments: Backend.available)
    func `who makes an organization looks after it`(on backend: Backend) async throws {
        try await withAccounts(on: backend) { cast in
            let ann = try await cast.person("ann")
            let store = cast.accounts.organizations(for: ann)

            let lab = try await store.create(AccountName("Lab"), ProfileChange(fullName: "The lab"))
            #expect(lab.kind == .organization)
            #expect(lab.fullName == "The lab")
            #expect(try await store.member("ann", of: lab.id).role == .admin)
            for name in ["lab", "ANN", "Local"] {
                await #expect(throws: Failure.self) {
                    try await store.create(AccountName(name), ProfileChange())
                }
            }
            let edited = try await store.edit(lab.id, ProfileChange(website: "https://lab.example"))
            #expect(edited.website == "https://lab.example")
            #expect(edited.fullName == "The lab")
            await #expect(throws: Failure.self) {
                try await cast.accounts.organizations(for: ann.withToken(.admin)).create(
                    AccountName("other"),
                    ProfileChange()
                )
            }
        }
    }

    @Test(arguments: Backend.available)
    func `the last admin stays one`(on backend: Backend) async throws {
        try await withAccounts(on: backend) { cast in
            let ann = try await cast.person("ann")
            let bob = try await cast.person("bob")
            let lab = try await cast.organization("lab", [ann.id: .admin, bob.id: .member])
            let store = cast.accounts.organizations(for: ann)

            await #expect(throws: Failure.self) { try await store.remove("ann", from: lab) }
            await #expect(throws: Failure.self) { try await store.set("ann", to: .member, in: lab) }
            try await store.set("bob", to: .admin, in: lab)
            try await store.remove("ann", from: lab)
            await #expect(throws: Refusal.self) { try await store.members(of: lab, PageRequest()) }
            await #expect(throws: Failure.self) {
                try await cast.accounts.organizations(for: bob).remove("bob", from: lab)
            }
        }
    }

    @Test(arguments: Backend.available)
    func `members leave, admins remove, others do nothing`(on backend: Backend) async throws {
        try await withAccounts(on: backend) { cast in
            let ann = try await cast.person("ann")
            let bob = try await cast.person("bob")
            let dan = try await cast.person("dan")
            let eve = try await cast.person("eve")
            let lab = try await cast.organization(
                "lab",
                [ann.id: .admin, bob.id: .member, dan.id: .member]
            )
            func store(_ identity: Identity) -> OrganizationStore {
                cast.accounts.organizations(for: identity)
            }

            await #expect(throws: Refusal.self) { try await store(bob).remove("dan", from: lab) }
            await #expect(throws: Refusal.self) { try await store(bob).set("eve", to: .admin, in: lab) }
            await #expect(throws: Refusal.self) { try await store(eve).set("eve", to: .admin, in: lab) }
            await #expect(throws: Failure.self) {
                try await store(bob.withToken(.admin)).remove("bob", from: lab)
            }
            try await store(bob).remove("bob", from: lab)
            #expect(
                try await store(ann).members(of: lab, PageRequest()).elements.map(\.profile.login) == [
                    "ann", "dan",
                ]
            )
            await #expect(throws: Failure.self) { try await store(ann).remove("bob", from: lab) }
            await #expect(throws: Failure.self) { try await store(ann).set("lab", to: .member, in: lab) }
        }
    }

    @Test(arguments: Backend.available)
    func `who belongs where is known to those who belong there`(on backend: Backend) async throws {
        try await withAccounts(on: backend) { cast in
            let ann = try await cast.person("ann")
            let bob = try await cast.person("bob")
            let eve = try await cast.person("eve")
            let zoe = try await cast.person("zoe", isServerAdmin: true)
            try await cast.organization("lab", [ann.id: .admin, bob.id: .member])
            try await cast.organization("own", [ann.id: .admin])
            func names(_ identity: Identity) async throws -> [String] {
                try await cast.accounts.organizations(for: identity).list(of: ann.id, PageRequest())
                    .elements.map(\.login)
            }

            #expect(try await names(ann) == ["lab", "own"])
            #expect(try await names(bob) == ["lab"])
            #expect(try await names(eve).isEmpty)
            #expect(try await names(zoe) == ["lab", "own"])
        }
    }
}

@Suite struct TeamStoreTests {
    @Test(arguments: Backend.available)
    func `a team gives its role in its repositories until it goes`(on backend: Backend) async throws {
        try await withAccounts(on: backend) { cast in
            let ann = try await cast.person("ann")
            let bob = try await cast.person("bob")
            let lab = try await cast.organization("lab", [ann.id: .admin])
            let place = try await cast.repository("iris", of: "lab", by: ann)
            let store = cast.accounts.teams(of: lab, for: ann)

            let team = try await store.create(TeamChange(name: "vision", permission: .write))
            try await store.add("bob", to: team.id)
            #expect(try await cast.answer(bob, place) == "read")
            try await store.add(repository: "IRIS", to: team.id)
            #expect(try await cast.answer(bob, place, .write) == "write")
            _ = try await store.edit(team.id, TeamChange(permission: TeamChange.Permission.none))
            #expect(try await cast.answer(bob, place, .write) == "403")
            _ = try await store.edit(team.id, TeamChange(permission: .admin, reachesAll: true))
            try await store.remove(repository: "iris", from: team.id)
            #expect(try await cast.answer(bob, place, .admin) == "admin")
            try await store.remove("bob", from: team.id)
            #expect(try await cast.answer(bob, place) == "read")
            try await store.add("bob", to: team.id)
            try await cast.accounts.organizations(for: ann).remove("bob", from: lab)
            #expect(try await cast.answer(bob, place) == "404")
            #expect(try await store.members(of: team.id, PageRequest()).elements.isEmpty)
            try await store.delete(team.id)
            await #expect(throws: Failure.self) { try await store.get(team.id) }
        }
    }

    @Test(arguments: Backend.available)
    func `a team of another organization is none`(on backend: Backend) async throws {
        try await withAccounts(on: backend) { cast in
            let ann = try await cast.person("ann")
            let eve = try await cast.person("eve")
            let lab = try await cast.organization("lab", [ann.id: .admin])
            let evil = try await cast.organization("evil", [eve.id: .admin])
            _ = try await cast.repository("iris", of: "lab", by: ann)
            let team = try await cast.accounts.teams(of: lab, for: ann).create(TeamChange(name: "vision"))
            let store = cast.accounts.teams(of: evil, for: eve)

            await #expect(throws: Failure.self) { try await store.get(team.id) }
            await #expect(throws: Failure.self) { try await store.add("eve", to: team.id) }
            await #expect(throws: Failure.self) { try await store.delete(team.id) }
            await #expect(throws: Failure.self) { try await store.members(of: team.id, PageRequest()) }
            let own = try await store.create(TeamChange(name: "vision"))
            await #expect(throws: Failure.self) { try await store.add(repository: "iris", to: own.id) }
            await #expect(throws: Refusal.self) {
                try await cast.accounts.teams(of: lab, for: eve).add("eve", to: team.id)
            }
        }
    }

    @Test(arguments: Backend.available)
    func `an organization has a name of a team once`(on backend: Backend) async throws {
        try await withAccounts(on: backend) { cast in
            let ann = try await cast.person("ann")
            let lab = try await cast.organization("lab", [ann.id: .admin])
            let store = cast.accounts.teams(of: lab, for: ann)

            _ = try await store.create(TeamChange(name: "vision"))
            let other = try await store.create(TeamChange(name: "audio"))
            await #expect(throws: Failure.self) { try await store.create(TeamChange(name: "Vision")) }
            await #expect(throws: Failure.self) {
                try await store.edit(other.id, TeamChange(name: "VISION"))
            }
            await #expect(throws: Failure.self) { try await store.create(TeamChange()) }
            #expect(try await store.list(PageRequest()).elements.map(\.name) == ["audio", "vision"])
        }
    }
}
