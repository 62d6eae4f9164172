import Core
import MLflowClient
import Registry

extension ServerSource {
    /// Models first, then prompts, which a search gives only where it is asked for them.
    private static let kinds = ["", "tags.`mlflow.prompt.is_prompt` = 'true'"]

    func forEachRegisteredModel(_ body: (ImportedRegisteredModel) async throws -> Void) async throws {
        for kind in Self.kinds {
            do {
                for try await model in client.registeredModels(filter: kind) {
                    try await body(imported(model, kind))
                }
            } catch let error as MLflowError where error.isUnknownEndpoint {
                // A server without a registry.
                return
            }
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
        // The search language knows no escapes, but two kinds of quotes.
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
