import Accounts
import Core
import TestSupport
import Testing

@Suite struct OrganizationDeletionTests {
    @Test(arguments: Backend.available)
    func `an organization without repositories ends and frees its name`(on backend: Backend) async throws {
        try await withAccounts(on: backend) { cast in
            let ann = try await cast.person("ann")
            let bob = try await cast.person("bob")
            let lab = try await cast.organization("lab", [ann.id: .admin, bob.id: .member])
            let store = cast.accounts.organizations(for: ann)
            let teams = cast.accounts.teams(of: lab, for: ann)
            let team = try await teams.create(TeamChange(name: "vision"))
            try await teams.add("bob", to: team.id)

            await #expect(throws: Refusal.self) {
                try await cast.accounts.organizations(for: bob).delete(lab)
            }
            try await store.delete(lab)

            await #expect(throws: Failure.self) {
                try await cast.accounts.profiles(for: ann).get("lab")
            }
            await #expect(throws: (any Error).self) { try await store.delete(lab) }
            #expect(try await store.list(of: ann.id, PageRequest()).total == 0)
            let other = try await cast.accounts.organizations(for: bob).create(
                AccountName("lab"),
                ProfileChange()
            )
            #expect(other.id != lab)
        }
    }

    @Test(arguments: Backend.available)
    func `an organization with repositories stays, deleted ones included`(on backend: Backend) async throws {
        try await withAccounts(on: backend) { cast in
            let ann = try await cast.person("ann")
            let lab = try await cast.organization("lab", [ann.id: .admin])
            let store = cast.accounts.organizations(for: ann)
            let repositories = cast.accounts.repositories(for: ann)
            let place = try await repositories.create(
                NewRepository(name: RepositoryName("iris"), visibility: .private),
                ownedBy: AccountName("lab")
            )

            await #expect(throws: Failure.self) { try await store.delete(lab) }
            try await repositories.delete(place.workspace)
            await #expect(throws: Failure.self) { try await store.delete(lab) }
            #expect(try await store.members(of: lab, PageRequest()).total == 1)
        }
    }

    @Test(arguments: Backend.available)
    func `all organizations are listed for who looks after the server`(on backend: Backend) async throws {
        try await withAccounts(on: backend) { cast in
            let ann = try await cast.person("ann", isServerAdmin: true)
            let bob = try await cast.person("bob")
            try await cast.organization("lab", [bob.id: .admin])
            try await cast.organization("den")
            let store = cast.accounts.organizations(for: ann)

            let all = try await store.all(containing: "", PageRequest())
            #expect(all.elements.map(\.profile.login) == ["den", "lab"])
            #expect(all.elements.map(\.memberCount) == [0, 1])
            #expect(try await store.all(containing: "L", PageRequest()).total == 1)
            #expect(try await store.all(containing: "%", PageRequest()).total == 0)
            await #expect(throws: Refusal.self) {
                try await cast.accounts.organizations(for: bob).all(containing: "", PageRequest())
            }
        }
    }
}
