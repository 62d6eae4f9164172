import Accounts
import Core
import Database
import Events
import TestSupport
import Testing

@Suite struct ObjectPermissionStoreTests {
    private static let words = ObjectPermissionStore.Words(
        taken: .alreadyExists("taken"),
        missing: .missing("missing")
    )

    @Test(arguments: Backend.available)
    func `a permission is given once, changed, and taken`(on backend: Backend) async throws {
        try await withPermissions(on: backend) { scene in
            let store = try await scene.store(of: scene.ann)
            let given = try await store.give(
                .read,
                for: .experiment(3),
                to: "EVE",
                replacesRole: true,
                Self.words
            )
            #expect(given.account == scene.eve.id)
            await expectFailure(.alreadyExists, "taken") {
                _ = try await store.give(
                    .edit,
                    for: .experiment(3),
                    to: "eve",
                    replacesRole: true,
                    Self.words
                )
            }
            #expect(try await store.get(for: .experiment(3), of: "eve", Self.words).permission == .read)
            await expectFailure(.missing, "missing") {
                _ = try await store.get(for: .model("3"), of: "eve", Self.words)
            }

            try await store.change(to: .manage, for: .experiment(3), of: "eve", Self.words)
            #expect(try await store.effective(for: .experiment(3), of: "eve") == .manage)
            #expect(try await store.effective(for: .experiment(4), of: "eve") == .none)

            try await store.take(for: .experiment(3), from: "eve", Self.words)
            await expectFailure(.missing, "missing") {
                try await store.take(for: .experiment(3), from: "eve", Self.words)
            }
            await expectFailure(.missing, "missing") {
                try await store.change(to: .read, for: .experiment(3), of: "eve", Self.words)
            }
            await expectFailure(.missing, "User with username=nobody not found") {
                _ = try await store.give(
                    .read,
                    for: .experiment(3),
                    to: "nobody",
                    replacesRole: true,
                    Self.words
                )
            }
            #expect(
                try await scene.events().suffix(3).map(\.kind) == [
                    .permissionGiven, .permissionGiven, .permissionTaken,
                ]
            )
        }
    }

    @Test(arguments: Backend.available)
    func `what is not there gets no permission`(on backend: Backend) async throws {
        try await withPermissions(on: backend) { scene in
            let store = try await scene.store(of: scene.ann)
            await expectFailure(.missing, "nothing is called gone") {
                _ = try await store.give(
                    .read,
                    for: .model("gone"),
                    to: "eve",
                    replacesRole: false,
                    Self.words
                )
            }
            await #expect(throws: Refusal.self) { try await scene.admit(scene.eve) }
        }
    }

    @Test(arguments: Backend.available)
    func `a permission takes nothing from a role`(on backend: Backend) async throws {
        try await withPermissions(on: backend) { scene in
            try await scene.cast.give(.write, to: scene.bob.id, in: scene.place)
            let store = try await scene.store(of: scene.ann)
            for less in [ObjectPermission.none, .read, .use] {
                await expectFailure(.invalidParameter, containing: "takes nothing of that away") {
                    _ = try await store.give(
                        less,
                        for: .experiment(3),
                        to: "bob",
                        replacesRole: true,
                        Self.words
                    )
                }
            }
            _ = try await store.give(.edit, for: .experiment(3), to: "bob", replacesRole: true, Self.words)
            await expectFailure(.invalidParameter, containing: "takes nothing of that away") {
                try await store.change(to: .none, for: .experiment(3), of: "bob", Self.words)
            }
            // MLflow 3 never lowers what everybody has, and so does not mean it.
            _ = try await store.give(.read, for: .experiment(4), to: "bob", replacesRole: false, Self.words)
            #expect(try await store.effective(for: .experiment(4), of: "bob") == .edit)
            let access = try await scene.admit(scene.bob, .write)
            #expect(access.role == .write)
            #expect(access.caller.reach == nil)
        }
    }

    @Test(arguments: Backend.available)
    func `who has no role reaches what was given and nothing else`(on backend: Backend) async throws {
        try await withPermissions(on: backend) { scene in
            await #expect(throws: Refusal.self) { try await scene.admit(scene.eve) }
            let store = try await scene.store(of: scene.ann)
            _ = try await store.give(.edit, for: .experiment(3), to: "eve", replacesRole: true, Self.words)
            _ = try await store.give(.none, for: .experiment(4), to: "eve", replacesRole: true, Self.words)
            _ = try await store.give(.read, for: .model("m"), to: "eve", replacesRole: true, Self.words)

            let access = try await scene.admit(scene.eve)
            #expect(access.role == nil)
            #expect(access.caller.reachedExperiments == [3])
            #expect(access.caller.reachedModels == ["m"])
            try access.caller.require(.update, onExperiment: 3)
            #expect(throws: Failure.self) { try access.caller.require(.delete, onExperiment: 3) }
            #expect(throws: Failure.self) { try access.caller.require(.read, onExperiment: 4) }
            #expect(throws: Failure.self) { try access.caller.require(.update, onModel: "m") }
            // Where the row does not say what it touches, nothing is there.
            await #expect(throws: Refusal.self) { try await scene.admit(scene.eve, isOfObjects: false) }
            // Another repository is as closed as before.
            let other = try await scene.cast.repository("wine", by: scene.ann)
            #expect(try await scene.cast.answer(scene.eve, other) == "404")
        }
    }

    @Test(arguments: Backend.available)
    func `who reads a repository may be given more of one thing`(on backend: Backend) async throws {
        try await withPermissions(on: backend) { scene in
            try await scene.cast.give(.read, to: scene.bob.id, in: scene.place)
            let store = try await scene.store(of: scene.ann)
            _ = try await store.give(.manage, for: .experiment(3), to: "bob", replacesRole: true, Self.words)

            let reading = try await scene.admit(scene.bob, .read)
            #expect(reading.caller.reach == nil)
            let writing = try await scene.admit(scene.bob, .write)
            #expect(writing.caller.reachedExperiments == nil)
            try writing.caller.require(.read, onExperiment: 9)
            try writing.caller.require(.delete, onExperiment: 3)
            #expect(throws: Failure.self) { try writing.caller.require(.update, onExperiment: 9) }
            #expect(throws: Failure.self) { try writing.caller.require(.update, onModel: "m") }
            try await scene.admit(scene.bob, .admin).caller.require(.manage, onExperiment: 3)
        }
    }

    @Test(arguments: Backend.available)
    func `a token exceeds its role nowhere and leaves its repository nowhere`(
        on backend: Backend
    ) async throws {
        try await withPermissions(on: backend) { scene in
            let store = try await scene.store(of: scene.ann)
            _ = try await store.give(.manage, for: .experiment(3), to: "eve", replacesRole: true, Self.words)

            let reading = try await scene.admit(scene.eve.withToken(.read), .write)
            #expect(throws: Failure.self) { try reading.caller.require(.update, onExperiment: 3) }
            let writing = try await scene.admit(scene.eve.withToken(.write), .admin)
            try writing.caller.require(.update, onExperiment: 3)
            #expect(throws: Failure.self) { try writing.caller.require(.manage, onExperiment: 3) }
            let other = try await scene.cast.repository("wine", by: scene.eve)
            await #expect(throws: Refusal.self) {
                try await scene.admit(scene.eve.withToken(.admin, for: other.workspace))
            }
            let own = try await scene.admit(scene.eve.withToken(.admin, for: scene.place.workspace))
            #expect(own.caller.reachedExperiments == [3])
        }
    }

    @Test(arguments: Backend.available)
    func `an archived repository is only read by permissions`(on backend: Backend) async throws {
        try await withPermissions(on: backend) { scene in
            let store = try await scene.store(of: scene.ann)
            _ = try await store.give(.manage, for: .experiment(3), to: "eve", replacesRole: true, Self.words)
            try await scene.cast.database.write { connection in
                _ = try connection.execute("UPDATE repositories SET is_archived = \(true)")
            }
            #expect(try await scene.admit(scene.eve).caller.reachedExperiments == [3])
            for right in [Right.write, .admin] {
                await #expect(throws: Refusal.self) { try await scene.admit(scene.eve, right) }
            }
        }
    }

    @Test(arguments: Backend.available)
    func `permissions follow a model to its new name and end with it`(on backend: Backend) async throws {
        try await withPermissions(on: backend) { scene in
            let store = try await scene.store(of: scene.ann)
            _ = try await store.give(.read, for: .model("m"), to: "eve", replacesRole: true, Self.words)
            _ = try await store.give(.read, for: .experiment(3), to: "eve", replacesRole: true, Self.words)
            let caller = Caller(name: "ann", workspace: scene.place.workspace)
            let elsewhere = Caller(name: "ann", workspace: .standard)

            try await scene.cast.database.write { connection in
                try Accounts.follow(model: "m", to: "n", by: elsewhere, in: connection)
                try Accounts.forget(.experiment(3), by: elsewhere, in: connection)
            }
            #expect(try await scene.admit(scene.eve).caller.reachedModels == ["m"])
            try await scene.cast.database.write { connection in
                try Accounts.follow(model: "m", to: "n", by: caller, in: connection)
            }
            #expect(try await scene.admit(scene.eve).caller.reachedModels == ["n"])
            try await scene.cast.database.write { connection in
                try Accounts.follow(model: "n", to: nil, by: caller, in: connection)
                try Accounts.forget(.experiment(3), by: caller, in: connection)
            }
            await #expect(throws: Refusal.self) { try await scene.admit(scene.eve) }
            #expect(try await scene.events().suffix(2).map(\.kind) == [.permissionTaken, .permissionTaken])
        }
    }

    @Test(arguments: Backend.available)
    func `permissions end with an account and with a repository`(on backend: Backend) async throws {
        try await withPermissions(on: backend) { scene in
            let store = try await scene.store(of: scene.ann)
            for login in ["eve", "bob"] {
                _ = try await store.give(
                    .read,
                    for: .experiment(3),
                    to: login,
                    replacesRole: true,
                    Self.words
                )
            }
            let root = try await scene.cast.person("root", isServerAdmin: true)
            try await scene.cast.accounts.people(for: root.caller(in: .server)).delete(scene.eve.id)
            #expect(try await scene.count() == 1)

            try await scene.cast.accounts.repositories(for: scene.ann).delete(scene.place.workspace)
            #expect(try await scene.cast.answer(scene.bob, scene.place) == "404")
            await #expect(throws: Refusal.self) { try await scene.admit(scene.bob) }
            _ = try await scene.cast.accounts.purge.run(deletedBefore: .max) { _ in }
            #expect(try await scene.count() == 0)
        }
    }

    @Test(arguments: Backend.available)
    func `one learns of one's own permissions, and admins of everybody's`(on backend: Backend) async throws {
        try await withPermissions(on: backend) { scene in
            let store = try await scene.store(of: scene.ann)
            _ = try await store.give(.use, for: .experiment(3), to: "eve", replacesRole: true, Self.words)
            let access = try await scene.admit(scene.eve)
            let own = scene.cast.accounts.objectPermissions(for: access)
            #expect(try await own.effective(for: .experiment(3), of: "Eve") == .use)
            for login in ["ann", "nobody"] {
                await expectFailure(.permissionDenied, "Permission denied") {
                    _ = try await own.effective(for: .experiment(3), of: login)
                }
            }
        }
    }
}

/// A repository of ann's, which eve and bob have no role in; every thing is there but what is called `gone`.
struct PermissionScene {
    let cast: Cast
    let ann: Identity
    let bob: Identity
    let eve: Identity
    let place: RepositoryPlace

    func admit(_ identity: Identity, _ right: Right = .read, isOfObjects: Bool = true) async throws -> Access
    {
        try await cast.accounts.admission.admit(
            identity,
            to: .repository(owner: "ann", name: "iris"),
            needing: right,
            isOfObjects: isOfObjects
        )
    }

    func store(of identity: Identity) async throws -> ObjectPermissionStore {
        cast.accounts.objectPermissions(for: try await admit(identity, .admin))
    }

    func events() async throws -> [Event] {
        try await cast.accounts.audit(EventSearch(.all), limit: 100).map(\.event).reversed()
    }

    func count() async throws -> Int64 {
        try await cast.database.read { connection in
            try connection.first("SELECT COUNT(*) FROM object_permissions") { $0.int(0) } ?? -1
        }
    }
}

func withPermissions(on backend: Backend, _ body: (PermissionScene) async throws -> Void) async throws {
    try await withAccounts(on: backend) { cast in
        let accounts = Accounts(database: cast.database) { _, _ in
        } hold: { object, _, _ in
            if object.name == "gone" { throw Failure.missing("nothing is called gone") }
        }
        let cast = Cast(accounts: accounts, database: cast.database)
        let (ann, bob, eve) = (
            try await cast.person("ann"), try await cast.person("bob"), try await cast.person("eve")
        )
        let place = try await cast.repository("iris", by: ann)
        try await body(PermissionScene(cast: cast, ann: ann, bob: bob, eve: eve, place: place))
    }
}
