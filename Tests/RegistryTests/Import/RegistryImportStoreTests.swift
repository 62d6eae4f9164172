import Core
import TestSupport
import Testing
import struct Core.Tag

@testable import Registry

@Suite struct RegistryImportStoreTests {
    @Test(arguments: Backend.available)
    func `a model comes with its numbers, times, stages, tags and aliases`(on backend: Backend) async throws {
        try await withRegistry(on: backend) { registry in
            let iris = try ModelName("iris")

            let counts = try await registry.imports(for: ann).write(imported(versions: [1, 3], last: 4)).new

            #expect((counts.models, counts.versions) == (1, 2))
            let model = try await registry.registeredModels(for: ann).get(iris)
            #expect((model.creationTime, model.lastUpdateTime) == (5, 6))
            #expect(model.tags == [Tag(key: "team", value: "blue")])
            #expect(model.aliases == [ModelAlias(alias: "champion", version: 3)])
            let version = try await registry.modelVersions(for: ann).get(3, of: iris)
            #expect((version.creationTime, version.lastUpdateTime) == (30, 31))
            #expect((version.stage, version.storageLocation) == (.staging, "s3://b/3"))
            #expect(version.tags == [Tag(key: "n", value: "3")])
            #expect(try await registry.newVersion(of: iris) == 5)
        }
    }

    @Test(arguments: Backend.available)
    func `a second import brings what is new and nothing that was deleted`(on backend: Backend) async throws {
        try await withRegistry(on: backend) { registry in
            let (imports, models) = (registry.imports(for: ann), registry.registeredModels(for: ann))
            let iris = try ModelName("iris")
            _ = try await imports.write(imported(versions: [1, 2, 3], last: 3))
            try await registry.modelVersions(for: ann).delete(2, of: iris, isForced: true)
            try await models.removeAlias(AliasName("champion"), of: iris)
            _ = try await models.describe(iris, as: "mine")

            let again = try await imports.write(imported(versions: [1, 2, 3], last: 3)).new
            #expect((again.models, again.versions) == (0, 0))
            let more = try await imports.write(imported(versions: [1, 2, 3, 4], last: 4)).new
            #expect((more.models, more.versions) == (0, 1))

            let model = try await models.get(iris)
            #expect((model.description, model.aliases) == ("mine", []))
            await expectFailure(.missing, "Model Version (name=iris, version=2) not found") {
                _ = try await registry.modelVersions(for: ann).get(2, of: iris)
            }
            try await models.delete(iris, isForced: true)
            #expect(try await imports.write(imported(versions: [1], last: 1)) == RegistryImportResult())
        }
    }

    @Test(arguments: Backend.available)
    func `a second import brings what could not be read in the first`(on backend: Backend) async throws {
        try await withRegistry(on: backend) { registry in
            let (imports, iris) = (registry.imports(for: ann), try ModelName("iris"))
            _ = try await imports.write(imported(versions: [1, 4], last: 4))

            let more = try await imports.write(imported(versions: [1, 2, 3, 4], last: 4))

            #expect((more.new.versions, more.takenVersions) == (2, []))
            #expect(try await registry.modelVersions(for: ann).get(2, of: iris).creationTime == 20)
            #expect(try await registry.newVersion(of: iris) == 5)
        }
    }

    @Test(arguments: Backend.available)
    func `a number that a version made here has is told`(on backend: Backend) async throws {
        try await withRegistry(on: backend) { registry in
            let (imports, iris) = (registry.imports(for: ann), try ModelName("iris"))
            _ = try await imports.write(imported(versions: [1], last: 1))
            #expect(try await registry.newVersion(of: iris) == 2)

            let more = try await imports.write(imported(versions: [1, 2, 3], last: 3))

            #expect((more.new.versions, more.takenVersions) == (1, [2]))
            #expect(try await registry.modelVersions(for: ann).get(2, of: iris).source == "s3://b/m")
        }
    }

    @Test(arguments: Backend.available)
    func `what a deleted model of the name had holds nothing up`(on backend: Backend) async throws {
        try await withRegistry(on: backend) { registry in
            let (models, iris) = (
                registry.registeredModels(for: ann), try await registry.newModel(versions: 3)
            )
            try await models.setAlias(AliasName("champion"), of: iris, to: 1)
            try await models.delete(iris, isForced: true)

            let result = try await registry.imports(for: ann).write(imported(versions: [2, 3], last: 3))

            #expect((result.new.versions, result.takenVersions) == (2, []))
            #expect(try await models.get(iris).aliases == [ModelAlias(alias: "champion", version: 3)])
        }
    }

    @Test(arguments: Backend.available)
    func `a model that was made here is nobody's to fill`(on backend: Backend) async throws {
        try await withRegistry(on: backend) { registry in
            try await registry.newModel(versions: 1)

            await expectFailure(.alreadyExists, "a model of this name was made here") {
                _ = try await registry.imports(for: ann).write(imported(versions: [1, 2], last: 2))
            }

            #expect(try await registry.history(for: ann).events(of: ModelName("iris"), limit: 9).count == 2)
        }
    }

    @Test(arguments: Backend.available)
    func `an import does not go round the rules of a model`(on backend: Backend) async throws {
        try await withRegistry(on: backend) { registry in
            let (imports, approvals) = (registry.imports(for: ann), registry.approvals(for: ann))
            let (iris, champion) = (try ModelName("iris"), try AliasName("champion"))
            _ = try await imports.write(imported(versions: [1], last: 1))
            try await approvals.set(ApprovalRule(.stage(.staging), approvals: 1), of: iris)
            try await approvals.set(ApprovalRule(.alias("champion"), approvals: 1), of: iris)

            let counts = try await imports.write(imported(versions: [1, 2, 3], last: 3)).new

            #expect(counts.versions == 2)
            #expect(try await registry.modelVersions(for: ann).get(3, of: iris).stage == .none)
            await expectFailure(.invalidParameter, "Registered model alias champion not found.") {
                _ = try await registry.registeredModels(for: ann).version(at: champion, of: iris)
            }
            #expect(
                counts.withheld.map { "\($0.what): \($0.reason)" } == [
                    "stage Staging of registered model iris, version 2: an approval rule protects it, so the version is "
                        + "in None",
                    "stage Staging of registered model iris, version 3: an approval rule protects it, so the version is "
                        + "in None",
                    "alias champion of registered model iris: an approval rule protects it",
                ]
            )
        }
    }

    @Test(arguments: Backend.available)
    func `an alias that came is known at the time of the import`(on backend: Backend) async throws {
        try await withRegistry(on: backend) { registry in
            _ = try await registry.imports(for: ann).write(imported(versions: [3], last: 3))

            let version = try await registry.history(for: ann).version(
                at: AliasName("champion"),
                of: ModelName("iris"),
                atMs: 1_000
            )

            #expect(version == 3)
        }
    }
}

private func imported(versions: [Int64], last: Int64) -> ImportedRegisteredModel {
    ImportedRegisteredModel(
        name: "iris",
        description: "theirs",
        creationTime: 5,
        lastUpdateTime: 6,
        lastVersion: last,
        tags: [Tag(key: "team", value: "blue")],
        aliases: [("champion", 3), ("nothing", 99)],
        versions: versions.map { number in
            ImportedModelVersion(
                version: number,
                description: nil,
                creationTime: number * 10,
                lastUpdateTime: number * 10 + 1,
                stage: .staging,
                source: "models:/m-\(number)",
                storageLocation: "s3://b/\(number)",
                runID: "r",
                runLink: "",
                status: .ready,
                statusMessage: nil,
                tags: [Tag(key: "n", value: "\(number)")]
            )
        }
    )
}
