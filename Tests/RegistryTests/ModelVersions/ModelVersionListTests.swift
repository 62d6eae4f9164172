import Core
import Registry
import TestSupport
import Testing
import struct Core.Tag

@Suite struct ModelVersionListTests {
    @Test(arguments: Backend.available)
    func `versions are listed with their aliases, the newest first`(on backend: Backend) async throws {
        try await withRegistry(on: backend, signer: SigningKey()) { registry in
            let name = try await registry.newModel()
            try await registry.newVersion(of: name)
            try await registry.newVersion(of: name, files: .incomplete)
            let file = ManifestFile(path: "MLmodel", sizeBytes: 1, sha256: String(repeating: "ab", count: 32))
            try await registry.newVersion(of: name, files: .complete([file]))
            try await registry.registeredModels(for: ann).setAlias(AliasName("champion"), of: name, to: 2)
            let versions = registry.modelVersions(for: ann)

            let all = try await versions.list(of: name, limit: 10)

            #expect(all.map(\.version.version) == [3, 2, 1])
            #expect(all.map(\.version.aliases) == [[], ["champion"], []])
            #expect(all.map(\.seal) == [.signed, .waiting, .none])
            #expect(try await versions.list(of: name, before: 3, limit: 1).map(\.version.version) == [2])
            await expectFailure(.missing, "Registered Model with name=iris not found") {
                _ = try await registry.modelVersions(for: eve).list(of: name, limit: 10)
            }
        }
    }

    @Test(arguments: Backend.available)
    func `a model is found by any part of its name`(on backend: Backend) async throws {
        try await withRegistry(on: backend) { registry in
            try await registry.newModel(named: "Iris 100%")
            let mark = Tag(key: "mlflow.prompt.is_prompt", value: "true")
            _ = try await registry.registeredModels(for: ann)
                .create(NewRegisteredModel(name: ModelName("greet_iris"), tags: [mark]))
            let models = registry.registeredModels(for: ann)

            let cases: [(String, [String])] = [
                ("iris", ["Iris 100%", "greet_iris"]), ("0%", ["Iris 100%"]), ("t_", ["greet_iris"]),
                ("none", []), ("a\0", []),
            ]
            for (text, names) in cases {
                #expect(try await models.find(containing: text, limit: 10).map(\.name) == names, "\(text)")
            }
            #expect(try await models.find(containing: "greet", limit: 10).map(\.isPrompt) == [true])
            #expect(try await registry.registeredModels(for: eve).find(containing: "", limit: 10).isEmpty)
        }
    }
}
