import Accounts
import Core
import Database
import TestSupport
import Testing

@Suite struct AdmissionTests {
    @Test(arguments: Backend.available)
    func `a private repository is absent for strangers and asks nobody to sign in twice`(
        on backend: Backend
    ) async throws {
        try await withAccounts(on: backend) { cast in
            let ann = try await cast.person("ann")
            let eve = try await cast.person("eve")
            let place = try await cast.repository("iris", by: ann)

            #expect(try await cast.answer(ann, place, .admin) == "admin")
            for right in [Right.read, .write, .admin] {
                #expect(try await cast.answer(eve, place, right) == "404")
                #expect(try await cast.answer(.anonymous, place, right) == "401")
            }
        }
    }

    @Test(arguments: Backend.available)
    func `a public repository is read by all and written by those who may`(on backend: Backend) async throws {
        try await withAccounts(on: backend) { cast in
            let ann = try await cast.person("ann")
            let bob = try await cast.person("bob")
            let eve = try await cast.person("eve")
            let place = try await cast.repository("iris", by: ann, .public)
            try await cast.give(.write, to: bob.id, in: place)

            #expect(try await cast.answer(.anonymous, place) == "read")
            #expect(try await cast.answer(.anonymous, place, .write) == "401")
            #expect(try await cast.answer(eve, place, .write) == "403")
            #expect(try await cast.answer(bob, place, .write) == "write")
            #expect(try await cast.answer(bob, place, .admin) == "403")
        }
    }

    @Test(arguments: Backend.available)
    func `an organization gives its members what its teams say`(on backend: Backend) async throws {
        try await withAccounts(on: backend) { cast in
            let ann = try await cast.person("ann")
            let bob = try await cast.person("bob")
            let eve = try await cast.person("eve")
            let lab = try await cast.organization("lab", [ann.id: .admin, bob.id: .member])
            let place = try await cast.repository("iris", of: "lab", by: ann)

            #expect(try await cast.answer(ann, place, .admin) == "admin")
            #expect(try await cast.answer(bob, place) == "read")
            #expect(try await cast.answer(bob, place, .write) == "403")
            #expect(try await cast.answer(eve, place) == "404")
            try await cast.team(of: lab, .write, member: bob.id, in: place)
            #expect(try await cast.answer(bob, place, .write) == "write")
        }
    }

    @Test(arguments: Backend.available)
    func `only admins make repositories for an organization`(on backend: Backend) async throws {
        try await withAccounts(on: backend) { cast in
            let ann = try await cast.person("ann")
            let bob = try await cast.person("bob")
            try await cast.organization("lab", [ann.id: .admin, bob.id: .member])

            await #expect(throws: Failure.self) { try await cast.repository("iris", of: "lab", by: bob) }
            await #expect(throws: Failure.self) { try await cast.repository("iris", of: "ann", by: bob) }
            await #expect(throws: Failure.self) {
                try await cast.repository("iris", by: ann.withToken(.admin))
            }
        }
    }

    @Test(arguments: Backend.available)
    func `a token takes away and never gives`(on backend: Backend) async throws {
        try await withAccounts(on: backend) { cast in
            let ann = try await cast.person("ann")
            let place = try await cast.repository("iris", by: ann)
            let other = try await cast.repository("wine", by: ann)

            #expect(try await cast.answer(ann.withToken(.read), place, .write) == "403")
            #expect(
                try await cast.answer(ann.withToken(.write, for: place.workspace), place, .write) == "write"
            )
            #expect(try await cast.answer(ann.withToken(.admin, for: place.workspace), other) == "404")
            let admission = cast.accounts.admission
            await #expect(throws: Refusal.self) {
                try await admission.admit(
                    ann.withToken(.admin, for: place.workspace),
                    to: .server,
                    needing: .signedIn
                )
            }
            await #expect(throws: Refusal.self) {
                try await admission.admit(
                    ann.withToken(.admin, for: place.workspace),
                    to: .standard,
                    needing: .read
                )
            }
        }
    }

    @Test(arguments: Backend.available)
    func `the default workspace is for whoever has an account`(on backend: Backend) async throws {
        try await withAccounts(on: backend) { cast in
            let ann = try await cast.person("ann")
            let root = try await cast.person("zoe", isServerAdmin: true)
            let admission = cast.accounts.admission

            #expect(try await admission.admit(ann, to: .standard, needing: .write).role == .write)
            #expect(try await admission.admit(root, to: .standard, needing: .admin).role == .admin)
            await #expect(throws: Refusal.self) {
                try await admission.admit(ann, to: .standard, needing: .admin)
            }
            await #expect(throws: Refusal.signIn) {
                try await admission.admit(.anonymous, to: .standard, needing: .read)
            }
        }
    }

    @Test(arguments: Backend.available)
    func `names are unique in small letters, and an owner has each once`(on backend: Backend) async throws {
        try await withAccounts(on: backend) { cast in
            let ann = try await cast.person("ann")
            let place = try await cast.repository("Iris", by: ann)

            await #expect(throws: Failure.self) { try await cast.repository("iris", by: ann) }
            let target = Target.repository(owner: "ANN", name: "iRIS")
            let access = try await cast.accounts.admission.admit(ann, to: target, needing: .read)
            #expect(access.repository == place)
            #expect(access.caller.workspace == place.workspace)
            #expect(place.workspace != .standard)
        }
    }

    @Test(arguments: Backend.available)
    func `the local person is made once and owns what they make`(on backend: Backend) async throws {
        try await withAccounts(on: backend) { cast in
            let local = try await cast.accounts.localPerson()

            #expect(try await cast.accounts.localPerson() == local)
            let place = try await cast.repository("iris", by: local)
            #expect(place.fullName == "local/iris")
            #expect(try await cast.answer(local, place, .admin) == "admin")
        }
    }

    @Test(arguments: Backend.available)
    func `the local person is no organization that has the name`(on backend: Backend) async throws {
        try await withAccounts(on: backend) { cast in
            try await cast.organization("local")

            let failure = await #expect(throws: Failure.self) { try await cast.accounts.localPerson() }
            #expect(failure?.code == .invalidState)
        }
    }
}
