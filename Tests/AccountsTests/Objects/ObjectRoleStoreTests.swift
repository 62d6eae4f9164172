import Accounts
import Core
import Database
import Events
import Synchronization
import TestSupport
import Testing

@Suite struct ObjectRoleStoreTests {
    @Test(arguments: Backend.available)
    func `a role gives its permissions to whoever has it`(on backend: Backend) async throws {
        try await withPermissions(on: backend) { scene in
            let roles = scene.cast.accounts.objectRoles(for: scene.ann)
            let role = try await roles.create("readers", in: "iris", description: "who reads")
            #expect(role.workspace == "iris")
            let permission = try await roles.add(.read, for: .experiment(3), to: role.id)
            _ = try await roles.add(.edit, for: .model("m"), to: role.id)
            #expect(try await roles.give(role.id, to: "eve").account == scene.eve.id)

            var access = try await scene.admit(scene.eve)
            #expect(access.caller.reachedExperiments == [3])
            try access.caller.require(.update, onModel: "m")
            #expect(try await roles.roles(of: "eve").roles.map(\.name) == ["readers"])
            #expect(try await roles.members(of: role.id).map(\.account) == [scene.eve.id])

            #expect(try await roles.change(permission.id, to: .manage).permission == .manage)
            access = try await scene.admit(scene.eve)
            try access.caller.require(.delete, onExperiment: 3)
            try await roles.remove(permission.id)
            #expect(try await scene.admit(scene.eve).caller.reachedExperiments == [])
            try await roles.take(role.id, from: "eve")
            await #expect(throws: Refusal.self) { try await scene.admit(scene.eve) }

            _ = try await roles.give(role.id, to: "eve")
            try await roles.delete(role.id)
            await #expect(throws: Refusal.self) { try await scene.admit(scene.eve) }
            #expect(
                try await scene.events().map(\.kind).suffix(9) == [
                    .objectRoleCreated, .permissionGiven, .permissionGiven, .objectRoleGiven,
                    .permissionGiven,
                    .permissionTaken, .objectRoleTaken, .objectRoleGiven, .objectRoleDeleted,
                ]
            )
        }
    }

    @Test(arguments: Backend.available)
    func `a role that goes while it is changed is not there`(on backend: Backend) async throws {
        try await withPermissions(on: backend) { scene in
            let roles = scene.cast.accounts.objectRoles(for: scene.ann)
            let role = try await roles.create("readers", in: "iris", description: nil)
            let tasks = Mutex<[Task<Void, any Error>]>([])

            try await scene.cast.database.write { connection in
                try connection.execute("DELETE FROM object_roles WHERE role_id = \(role.id)")
                tasks.withLock { tasks in
                    tasks.append(Task { _ = try await roles.edit(role.id, name: "x", description: nil) })
                    tasks.append(Task { _ = try await roles.give(role.id, to: "eve") })
                }
                try connection.waitUntilAwaited()
            }

            for task in tasks.withLock({ $0 }) {
                await expectFailure(.permissionDenied, "Permission denied") { try await task.value }
            }
        }
    }

    @Test(arguments: Backend.available)
    func `a highest permission counts, whatever it comes from`(on backend: Backend) async throws {
        try await withPermissions(on: backend) { scene in
            let roles = scene.cast.accounts.objectRoles(for: scene.ann)
            for (name, permission) in [("low", ObjectPermission.read), ("high", .edit)] {
                let role = try await roles.create(name, in: "iris", description: nil)
                _ = try await roles.add(permission, for: .experiment(3), to: role.id)
                _ = try await roles.give(role.id, to: "eve")
            }
            try await scene.admit(scene.eve).caller.require(.update, onExperiment: 3)
        }
    }

    @Test(arguments: Backend.available)
    func `roles are made by admins of the workspace alone, and others learn nothing`(
        on backend: Backend
    )
        async throws
    {
        try await withPermissions(on: backend) { scene in
            let roles = scene.cast.accounts.objectRoles(for: scene.ann)
            let role = try await roles.create("readers", in: "iris", description: nil)
            let permission = try await roles.add(.manage, for: .experiment(3), to: role.id)
            try await scene.cast.give(.write, to: scene.bob.id, in: scene.place)

            for other in [scene.bob, scene.eve, scene.ann.withToken(.write)] {
                let theirs = scene.cast.accounts.objectRoles(for: other)
                for id in [role.id, 999] {
                    await expectFailure(.permissionDenied, "Permission denied") {
                        _ = try await theirs.get(id)
                    }
                    await expectFailure(.permissionDenied, "Permission denied") {
                        _ = try await theirs.edit(id, name: "x", description: nil)
                    }
                    await expectFailure(.permissionDenied, "Permission denied") {
                        try await theirs.delete(id)
                    }
                    await expectFailure(.permissionDenied, "Permission denied") {
                        _ = try await theirs.give(id, to: "eve")
                    }
                    await expectFailure(.permissionDenied, "Permission denied") {
                        try await theirs.take(id, from: "eve")
                    }
                    await expectFailure(.permissionDenied, "Permission denied") {
                        _ = try await theirs.members(of: id)
                    }
                    await expectFailure(.permissionDenied, "Permission denied") {
                        _ = try await theirs.add(.manage, for: .experiment(4), to: id)
                    }
                }
                for id in [permission.id, 999] {
                    await expectFailure(.permissionDenied, "Permission denied") {
                        _ = try await theirs.change(id, to: .manage)
                    }
                    await expectFailure(.permissionDenied, "Permission denied") {
                        try await theirs.remove(id)
                    }
                }
                for workspace in ["ann--iris", "ann--nothing", "default"] {
                    await expectFailure(.permissionDenied, "Permission denied") {
                        _ = try await theirs.create("x", in: workspace, description: nil)
                    }
                    await expectFailure(.permissionDenied, "Permission denied") {
                        _ = try await theirs.list(in: [workspace])
                    }
                }
                await expectFailure(.permissionDenied, "Permission denied") {
                    _ = try await theirs.list(in: [])
                }
                await expectFailure(.permissionDenied, "Permission denied") {
                    _ = try await theirs.rolesByMember()
                }
            }
            for login in ["ann", "nobody"] {
                await expectFailure(.permissionDenied, "Permission denied") {
                    _ = try await scene.cast.accounts.objectRoles(for: scene.eve).roles(of: login)
                }
            }
            #expect(try await roles.get(role.id).permissions == [permission])

            // Who has one of its roles may know the others of a workspace.
            _ = try await roles.give(role.id, to: "eve")
            let eves = scene.cast.accounts.objectRoles(for: scene.eve)
            #expect(try await eves.list(in: ["ann--iris"]).map(\.name) == ["readers"])
            #expect(try await eves.get(role.id).workspace == "ann--iris")
            await expectFailure(.permissionDenied, "Permission denied") { try await eves.delete(role.id) }
        }
    }

    @Test(arguments: Backend.available)
    func `who looks after the server sees the roles of all`(on backend: Backend) async throws {
        try await withPermissions(on: backend) { scene in
            let root = try await scene.cast.person("root", isServerAdmin: true)
            let roles = scene.cast.accounts.objectRoles(for: root)
            let role = try await roles.create("a", in: "ann--iris", description: nil)
            _ = try await roles.create("a", in: "default", description: nil)
            _ = try await roles.give(role.id, to: "eve")
            #expect(try await roles.list(in: []).map(\.workspace) == ["ann--iris", "default"])
            #expect(try await roles.list(in: ["default"]).count == 1)
            #expect(try await roles.rolesByMember()[scene.eve.id]?.map(\.id) == [role.id])
            await expectFailure(.missing, "Workspace 'ann--nothing' not found") {
                _ = try await roles.create("a", in: "ann--nothing", description: nil)
            }
            await expectFailure(.missing, "Role with id=999 not found") { _ = try await roles.get(999) }
            await expectFailure(.missing, "Role permission with id=999 not found") {
                try await roles.remove(999)
            }
        }
    }

    @Test(arguments: Backend.available)
    func `names are each there once, and those of one person's are nobody else's`(
        on backend: Backend
    ) async throws {
        try await withPermissions(on: backend) { scene in
            let roles = scene.cast.accounts.objectRoles(for: scene.ann)
            let role = try await roles.create("a", in: "iris", description: nil)
            let other = try await roles.create("b", in: "iris", description: nil)
            await expectFailure(.alreadyExists, containing: "already exists") {
                _ = try await roles.create("a", in: "iris", description: nil)
            }
            await expectFailure(.alreadyExists, containing: "already exists") {
                _ = try await roles.edit(other.id, name: "a", description: nil)
            }
            for name in ["", "  ", "__user_1__", String(repeating: "x", count: 256)] {
                await expectFailure(.invalidParameter, containing: "ole") {
                    _ = try await roles.create(name, in: "iris", description: nil)
                }
            }
            _ = try await roles.give(role.id, to: "eve")
            await expectFailure(.alreadyExists, containing: "already exists") {
                _ = try await roles.give(role.id, to: "eve")
            }
            await expectFailure(.missing, containing: "not found") {
                try await roles.take(role.id, from: "bob")
            }
            await expectFailure(.missing, "nothing is called gone") {
                _ = try await roles.add(.read, for: .model("gone"), to: role.id)
            }

            let store = try await scene.store(of: scene.ann)
            let words = ObjectPermissionStore.Words(taken: .alreadyExists(""), missing: .missing(""))
            _ = try await store.give(.manage, for: .experiment(3), to: "eve", replacesRole: true, words)
            let own = try #require(try await roles.roles(of: "eve").roles.first(where: \.isOwn))
            #expect(own.name == "__user_\(scene.eve.id.key)__")
            await expectFailure(.invalidParameter, containing: "theirs alone") {
                _ = try await roles.give(own.id, to: "bob")
            }
            await expectFailure(.invalidParameter, containing: "theirs alone") {
                _ = try await roles.edit(own.id, name: "mine", description: nil)
            }
        }
    }
}
