import Core
import Database
import Events
import Registry
import TestSupport
import Testing
import Webhooks

/// What somebody finds who has permissions for single models: of `open` and `closed`, the caller reads the first.
@Suite struct ReachTests {
    private static func caller(_ permission: ObjectPermission) -> Caller {
        let models = [ExactText("open"): permission]
        return Caller(
            name: "eve",
            workspace: .standard,
            reach: Reach(base: .none, experiments: [:], models: models)
        )
    }

    @Test(arguments: Backend.available)
    func `what is not reached is not there`(on backend: Backend) async throws {
        try await withRegistry(on: backend) { registry in
            for name in ["open", "closed"] { try await registry.newModel(named: name, versions: 2) }
            let (open, closed) = (try ModelName("open"), try ModelName("closed"))
            let models = registry.registeredModels(for: Self.caller(.read))
            let versions = registry.modelVersions(for: Self.caller(.read))

            #expect(try await models.get(open).name == "open")
            #expect(try await versions.get(1, of: open).version == 1)
            await expectFailure(.missing, containing: "name=closed") { _ = try await models.get(closed) }
            await expectFailure(.missing, containing: "name=closed") {
                _ = try await versions.get(1, of: closed)
            }
            await expectFailure(.missing, containing: "name=closed") {
                _ = try await models.latestVersions(of: closed, in: [])
            }
            await expectFailure(.missing, containing: "name=closed") {
                _ = try await models.version(at: AliasName("latest"), of: closed)
            }
            let search = RegistrySearch(filter: nil, orderBy: [], limit: 1, pageToken: nil)
            let found = try await models.search(search)
            #expect(found.models.map(\.name) == ["open"])
            #expect(found.next == nil)
            let all = RegistrySearch(filter: "name LIKE '%'", orderBy: [], limit: 9, pageToken: nil)
            #expect(try await versions.search(all).versions.map(\.name) == ["open", "open"])
        }
    }

    @Test(arguments: Backend.available)
    func `each action needs its permission`(on backend: Backend) async throws {
        try await withRegistry(on: backend) { registry in
            for name in ["open", "closed"] { try await registry.newModel(named: name) }
            let (open, closed) = (try ModelName("open"), try ModelName("closed"))
            for (permission, allowed) in [
                (ObjectPermission.read, [ObjectAction.read]), (.use, [.read]), (.edit, [.read, .update]),
                (.manage, ObjectAction.allCases),
            ] {
                let models = registry.registeredModels(for: Self.caller(permission))
                for action in ObjectAction.allCases {
                    if allowed.contains(action) {
                        try await models.require(action, on: open)
                    } else {
                        await expectFailure(.permissionDenied, "Permission denied") {
                            try await models.require(action, on: open)
                        }
                    }
                    await expectFailure(.missing, containing: "name=closed") {
                        try await models.require(action, on: closed)
                    }
                }
            }
        }
    }

    @Test(arguments: Backend.available)
    func `a name that looks the same is another's`(on backend: Backend) async throws {
        try await withRegistry(on: backend) { registry in
            let (composed, decomposed) = ("caf\u{E9}", "cafe\u{301}")
            for name in [composed, decomposed] { try await registry.newModel(named: name) }
            let reach = Reach(base: .none, experiments: [:], models: [ExactText(composed): .manage])
            let models = registry.registeredModels(
                for: Caller(name: "eve", workspace: .standard, reach: reach)
            )
            try await models.require(.delete, on: ModelName(composed))
            await expectFailure(.missing, containing: "not found") {
                try await models.require(.read, on: ModelName(decomposed))
            }
        }
    }

    @Test(arguments: Backend.available)
    func `other rooms hear of new names and of the end`(on backend: Backend) async throws {
        try await withDatabase(
            on: backend,
            migrations: EventMigrations.all + RegistryMigrations.all + WebhookMigrations.all
        ) { database in
            let registry = Registry(database: database) { name, newName, caller, connection in
                try EventLog.append(
                    .permissionTaken,
                    to: "\(name) to \(newName ?? "nothing")",
                    by: caller,
                    in: connection
                )
            }
            let name = try await registry.newModel(named: "a")
            let models = registry.registeredModels(for: ann)
            _ = try await models.rename(name, to: ModelName("b"))
            try await models.delete(ModelName("b"), isForced: true)
            let heard = try await database.read { connection in
                try EventLog.read(for: ann, after: 0, limit: 100, in: connection)
                    .filter { $0.kind == .permissionTaken }.map(\.subject)
            }
            #expect(heard == ["a to b", "b to nothing"])
        }
    }
}
