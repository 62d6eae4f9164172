import Core
import MLflowClient
import Registry

extension ServerSource {
    /// Models first, then prompts, which a search gives only where it is asked for them.
    private static let kinds = ["", "tags.`mlflow.prompt.is_prompt` = 'true'"]

    func forEachRegisteredModel(_ body: (ImportedRegisteredModel) async throws -> Void) async throws {
        guard try await hasRegistry() else { return }
        for kind in Self.kinds {
            for try await model in client.registeredModels(filter: kind) {
                guard let model = try await readable(model, kind) else { continue }
                try await body(model)
            }
        }
    }

    private func hasRegistry() async throws -> Bool {
        do {
            for try await _ in client.registeredModels(pageSize: 1) { break }
            return true
        } catch let error as MLflowError where error.isUnknownEndpoint {
            return false
        }
    }

    /// Nil for a model that the server does not show whole, which is told.
    private func readable(
        _ model: MLflowClient.RegisteredModel,
        _ kind: String
    ) async throws -> ImportedRegisteredModel? {
        do {
            return try await imported(model, kind)
        } catch let error as MLflowError where error.isRefusal {
            report.missed("registered model \(model.name)", error.description)
            return nil
        }
    }

    private func imported(
        _ model: MLflowClient.RegisteredModel,
        _ kind: String
    ) async throws -> ImportedRegisteredModel {
        let versions = try await versions(of: model.name, kind)
        return ImportedRegisteredModel(
            name: model.name,
            description: model.description,
            creationTime: model.creationTime,
            lastUpdateTime: model.lastUpdateTime ?? model.creationTime,
            lastVersion: versions.map(\.version).max() ?? 0,
            tags: model.tags.map { Tag(key: $0.key, value: $0.value) },
            aliases: model.aliases.compactMap { alias in
                Int64(alias.version).map { (alias.alias, $0) }
            },
            versions: versions
        )
    }

    private func versions(of name: String, _ kind: String) async throws -> [ImportedModelVersion] {
        // The search language knows no escapes, but two kinds of quotes; the server refuses a name with both.
        let quote = name.contains("'") ? "\"" : "'"
        let filter = "name = \(quote)\(name)\(quote)" + (kind.isEmpty ? "" : " AND \(kind)")
        var versions: [ImportedModelVersion] = []
        for try await version in client.modelVersions(filter: filter) where version.name == name {
            guard let number = Int64(version.version) else { continue }
            versions.append(
                ImportedModelVersion(
                    version: number,
                    description: version.description,
                    creationTime: version.creationTime,
                    lastUpdateTime: version.lastUpdateTime ?? version.creationTime,
                    stage: ModelStage(rawValue: version.stage) ?? .none,
                    source: version.source,
                    storageLocation: try await location(of: version),
                    runID: version.runID,
                    runLink: version.runLink,
                    status: ModelVersionStatus(rawValue: version.status) ?? .ready,
                    statusMessage: version.statusMessage,
                    tags: version.tags.map { Tag(key: $0.key, value: $0.value) }
                )
            )
        }
        return versions.sorted { $0.version < $1.version }
    }

    /// Only a source that names another model lies elsewhere than it says.
    private func location(of version: MLflowClient.ModelVersion) async throws -> String {
        guard version.source.hasPrefix("models:") else { return version.source }
        return try await client.location(ofVersion: version.version, of: version.name)
    }
}
