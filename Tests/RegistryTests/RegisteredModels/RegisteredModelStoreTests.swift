import Core
import Database
import Synchronization
import TestSupport
import Testing
import struct Core.Tag

@testable import Registry

@Suite struct RegisteredModelStoreTests {
    @Test(arguments: Backend.available)
    func `a model that is in use goes only by force`(on backend: Backend) async throws {
        try await withRegistry(on: backend) { registry in
            let (models, versions) = (registry.registeredModels(for: ann), registry.modelVersions(for: ann))
            let name = try await registry.newModel(versions: 2)
            try await models.setAlias(AliasName("champion"), of: name, to: 1)
            _ = try await versions.move(2, of: name, to: .production, archivesOthers: false)

            await expectFailure(
                .invalidState,
                "Registered Model (name=iris) is in use: the alias 'champion' points at version 1, version 2 is in Production. "
                    + "Delete it with force."
            ) { try await models.delete(name, isForced: false) }
            #expect(try await models.get(name).latestVersions.count == 2)
            try await models.delete(name, isForced: true)

            let unused = try await registry.newModel(named: "rose", versions: 1)
            try await models.delete(unused, isForced: false)
        }
    }

    @Test(arguments: Backend.available)
    func `a new model keeps the last value of each tag and has no versions`(on backend: Backend) async throws
    {
        try await withRegistry(on: backend) { registry in
            let models = registry.registeredModels(for: ann)
            let name = try ModelName("iris")
            let tags = [Tag(key: "a", value: "1"), Tag(key: "b", value: "2"), Tag(key: "a", value: "3")]

            let made = try await models.create(
                NewRegisteredModel(name: name, description: "**Petals**", tags: tags)
            )

            #expect(try await models.get(name) == made)
            #expect(made.tags == [Tag(key: "a", value: "3"), Tag(key: "b", value: "2")])
            #expect(made.description == "**Petals**")
            #expect(made.creationTime == 1_000)
            #expect(made.latestVersions == [])
        }
    }

    @Test(arguments: Backend.available)
    func `a name is for one model or one prompt of a workspace`(on backend: Backend) async throws {
        try await withRegistry(on: backend) { registry in
            let models = registry.registeredModels(for: ann)
            let name = try await registry.newModel()
            let prompt = try NewRegisteredModel(
                name: name,
                tags: [Tag(key: "mlflow.prompt.is_prompt", value: "true")]
            )

            await expectFailure(.alreadyExists, "Registered Model (name=iris) already exists.") {
                _ = try await models.create(NewRegisteredModel(name: name))
            }
            await expectFailure(
                .alreadyExists,
                "Tried to create a prompt with name 'iris', but the name is already taken by a registered model. "
                    + "MLflow does not allow creating a model and a prompt with the same name."
            ) { _ = try await models.create(prompt) }
            let other = registry.registeredModels(for: eve)
            #expect(try await other.create(prompt).name == "iris")
        }
    }

    @Test(arguments: Backend.available)
    func `a name is free when the model that had it goes while another is made`(
        on backend: Backend
    ) async throws {
        try await withRegistry(on: backend) { registry in
            let models = registry.registeredModels(for: ann)
            let name = try await registry.newModel()
            let making = Mutex<Task<RegisteredModel, any Error>?>(nil)

            try await registry.database.write { connection in
                let held: SQL = "SELECT model_key FROM registered_models WHERE name = 'iris' \(.forUpdate)"
                let key = try connection.first(held) { $0.int(0) }
                making.withLock { $0 = Task { try await models.create(NewRegisteredModel(name: name)) } }
                try connection.waitUntilAwaited()
                try connection.execute("DELETE FROM registered_models WHERE model_key = \(key)")
            }

            let task = try #require(making.withLock { $0 })
            #expect(try await task.value.name == "iris")
            #expect(try await models.get(name).name == "iris")
        }
    }

    @Test(arguments: Backend.available)
    func `a model in another workspace is not there`(on backend: Backend) async throws {
        try await withRegistry(on: backend) { registry in
            let name = try await registry.newModel(versions: 1)
            let models = registry.registeredModels(for: eve)
            let versions = registry.modelVersions(for: eve)
            let missing = "Registered Model with name=iris not found"

            await expectFailure(.missing, missing) { _ = try await models.get(name) }
            await expectFailure(.missing, missing) { try await models.delete(name, isForced: true) }
            await expectFailure(.missing, missing) { _ = try await models.latestVersions(of: name) }
            await expectFailure(.missing, "Model Version (name=iris, version=1) not found") {
                try await models.setAlias(AliasName("champion"), of: name, to: 1)
            }
            await expectFailure(.missing, "Model Version (name=iris, version=1) not found") {
                _ = try await versions.get(1, of: name)
            }
            await expectFailure(.missing, missing) {
                _ = try await registry.history(for: eve).events(of: name, limit: 10)
            }
            #expect(
                try await models.search(RegistrySearch(filter: nil, orderBy: [], limit: 9, pageToken: nil))
                    .models == []
            )
        }
    }

    @Test(arguments: Backend.available)
    func `a model keeps versions, tags and aliases under another name`(on backend: Backend) async throws {
        let clock = TestClock()
        try await withRegistry(on: backend, clock: clock) { registry in
            let models = registry.registeredModels(for: ann)
            let (iris, rose) = (try await registry.newModel(versions: 2), try ModelName("rose"))
            try await models.set(Tag(key: "team", value: "blue"), of: iris)
            try await models.setAlias(AliasName("champion"), of: iris, to: 1)
            try await registry.newModel(named: "tulip")
            clock.advance(byMs: 5)

            let renamed = try await models.rename(iris, to: rose)

            #expect(renamed.name == "rose")
            #expect(renamed.lastUpdateTime == 1_005)
            #expect(renamed.tags == [Tag(key: "team", value: "blue")])
            #expect(renamed.latestVersions.map(\.lastUpdateTime) == [1_005])
            #expect(try await models.version(at: AliasName("champion"), of: rose).version == 1)
            await expectFailure(.missing, "Registered Model with name=iris not found") {
                _ = try await models.get(iris)
            }
            await expectFailure(.alreadyExists, "Registered Model (name=tulip) already exists.") {
                _ = try await models.rename(rose, to: ModelName("tulip"))
            }
            // A cause is logged as an error of the server, which this is not.
            let taken = await #expect(throws: Failure.self) {
                try await models.rename(rose, to: ModelName("tulip"))
            }
            #expect(taken?.cause == nil)
        }
    }

    @Test(arguments: Backend.available)
    func `an alias points at one version at a time and goes with it`(on backend: Backend) async throws {
        try await withRegistry(on: backend) { registry in
            let models = registry.registeredModels(for: ann)
            let (name, champion) = (try await registry.newModel(versions: 2), try AliasName("champion"))

            try await models.setAlias(champion, of: name, to: 1)
            try await models.setAlias(champion, of: name, to: 2)
            try await models.setAlias(AliasName("old"), of: name, to: 1)
            #expect(try await models.version(at: champion, of: name).aliases == ["champion"])
            #expect(try await models.version(at: champion, of: name).version == 2)
            #expect(try await models.version(at: AliasName("Latest"), of: name).version == 2)
            try await registry.modelVersions(for: ann).delete(2, of: name, isForced: true)

            #expect(try await models.get(name).aliases == [ModelAlias(alias: "old", version: 1)])
            await expectFailure(.invalidParameter, "Registered model alias champion not found.") {
                _ = try await models.version(at: champion, of: name)
            }
            try await models.removeAlias(AliasName("old"), of: name)
            try await models.removeAlias(AliasName("old"), of: name)
            #expect(try await models.get(name).aliases == [])
        }
    }

    @Test(arguments: ["latest", "LATEST", "v1", "V22"])
    func `an alias that means something already is refused`(_ alias: String) throws {
        let alias = try AliasName(alias)

        #expect(throws: Failure.self) { try alias.checkFree() }
    }

    @Test(
        arguments: [
            ("", "Missing value for required parameter 'name'."),
            (" \t", "Missing value for required parameter 'name'."),
            ("a/b", "Invalid model name 'a/b'. Names cannot contain '/' or ':'."),
            ("a:b", "Invalid model name 'a:b'. Names cannot contain '/' or ':'."),
            (String(repeating: "n", count: 257), "'name' exceeds the maximum length of 256 characters"),
        ]
    )
    func `a name that addresses could not carry is refused`(_ name: String, _ message: String) {
        #expect {
            _ = try ModelName(name)
        } throws: {
            ($0 as? Failure)?.message == message
        }
    }

    @Test(arguments: Backend.available)
    func `models are found by name and tag, and prompts only where they are asked for`(
        on backend: Backend
    ) async throws {
        try await withRegistry(on: backend) { registry in
            let models = registry.registeredModels(for: ann)
            for (name, team) in [("a", "blue"), ("b", "red"), ("c", "blue")] {
                let model = try ModelName(name)
                _ = try await models.create(
                    NewRegisteredModel(name: model, tags: [Tag(key: "team", value: team)])
                )
            }
            let mark = Tag(key: "mlflow.prompt.is_prompt", value: "true")
            _ = try await models.create(NewRegisteredModel(name: ModelName("p"), tags: [mark]))

            #expect(try await models.names() == ["a", "b", "c"])
            #expect(try await models.names("tags.team = 'blue'") == ["a", "c"])
            #expect(try await models.names("tags.team = 'blue' AND name != 'a'") == ["c"])
            #expect(try await models.names("name IN ('a', 'p') OR name LIKE 'b%'") == ["a", "b"])
            #expect(try await models.names("tags.`mlflow.prompt.is_prompt` = 'true'") == ["p"])
            #expect(try await models.names("tags.`mlflow.prompt.is_prompt` != 'true'") == ["a", "b", "c"])
            #expect(try await models.names("tags.`mlflow.prompt.is_prompt` = 'false'") == ["a", "b", "c"])
            #expect(
                try await models.names("name ILIKE 'P' AND tags.`mlflow.prompt.is_prompt` = 'true'") == ["p"]
            )
            #expect(try await models.names(orderBy: ["name DESC"]) == ["c", "b", "a"])
            let first = try await models.search(
                RegistrySearch(filter: nil, orderBy: ["timestamp"], limit: 2, pageToken: nil)
            )
            let second = try await models.search(
                RegistrySearch(filter: nil, orderBy: ["timestamp"], limit: 2, pageToken: first.next)
            )
            #expect((first.models + second.models).map(\.name) == ["a", "b", "c"])
            #expect(second.next == nil)
        }
    }

    @Test(arguments: Backend.available)
    func `a page of models with long texts ends early and the next goes on`(on backend: Backend) async throws
    {
        try await withRegistry(on: backend) { registry in
            var models = registry.registeredModels(for: ann)
            models.pageBytes = 16_000
            let text = String(repeating: "v", count: 2_000)
            for number in 0..<6 {
                let name = try ModelName("m\(number)")
                _ = try await models.create(
                    NewRegisteredModel(name: name, description: text, tags: [Tag(key: "k", value: text)])
                )
                try await registry.newVersion(of: name, tags: [Tag(key: "k", value: text)])
            }

            let first = try await models.search(
                RegistrySearch(filter: nil, orderBy: [], limit: 100, pageToken: nil)
            )
            let second = try await models.search(
                RegistrySearch(filter: nil, orderBy: [], limit: 100, pageToken: first.next)
            )

            #expect(first.models.map(\.name) == ["m0", "m1", "m2"])
            #expect(second.models.map(\.name) == ["m3", "m4", "m5"])
            let third = try await models.search(
                RegistrySearch(filter: nil, orderBy: [], limit: 3, pageToken: first.next)
            )
            #expect(third.next == nil)
        }
    }

    /// The first hundred are read before it is known how many more there is room for.
    @Test(arguments: Backend.available)
    func `a page of more models than are read at first has them all`(on backend: Backend) async throws {
        try await withRegistry(on: backend) { registry in
            let names = (100..<230).map { "m\($0)" }
            for name in names { try await registry.newModel(named: name) }
            let models = registry.registeredModels(for: ann)

            for (orderBy, expected) in [
                ([], names), (["name DESC"], names.reversed()), (["timestamp"], names),
            ] {
                let all = try await models.search(
                    RegistrySearch(filter: nil, orderBy: orderBy, limit: 1_000, pageToken: nil)
                )
                #expect(all.models.map(\.name) == expected)
                #expect(all.next == nil)
                let most = try await models.search(
                    RegistrySearch(filter: nil, orderBy: orderBy, limit: 125, pageToken: nil)
                )
                let rest = try await models.search(
                    RegistrySearch(filter: nil, orderBy: orderBy, limit: 125, pageToken: most.next)
                )
                #expect((most.models + rest.models).map(\.name) == expected)
                #expect(rest.models.count == 5)
            }
        }
    }

    @Test(
        arguments: [
            ("x = 'a'", "Invalid attribute key 'x' specified. Valid keys are '{'name'}'"),
            ("name > 'a'", "Invalid comparator for attribute: >"),
            ("tags.t > 'a'", "Invalid comparator for tag: >"),
            (
                "name = 5",
                "Expected a quoted string value or a list of quoted string values for attributes. Got value 5"
            ),
        ]
    )
    func `a wrong filter is told in MLflow's words`(_ filter: String, _ message: String) async throws {
        try await withRegistry(on: .sqlite) { registry in
            do {
                _ = try await registry.registeredModels(for: ann).names(filter)
                Issue.record("nothing was refused")
            } catch let failure as Failure {
                #expect(failure.message.hasPrefix(message + " (at character "))
            }
        }
    }
}

extension RegisteredModelStore {
    fileprivate func names(_ filter: String? = nil, orderBy: [String] = []) async throws -> [String] {
        let found = try await search(
            RegistrySearch(filter: filter, orderBy: orderBy, limit: 10, pageToken: nil)
        )
        return found.models.map(\.name)
    }
}
