import Core
import Registry

/// - Source: `model_registry.proto`, messages `RegisteredModel`, `RegisteredModelAlias`.
extension JSONWriter {
    mutating func value(_ model: RegisteredModel) {
        object { json in
            json.field("name", model.name)
            json.field("creation_timestamp", model.creationTime)
            json.field("last_updated_timestamp", model.lastUpdateTime)
            if let description = model.description, !description.isEmpty {
                json.field("description", description)
            }
            if !model.latestVersions.isEmpty {
                json.array("latest_versions") { json in
                    for version in model.latestVersions { json.value(version) }
                }
            }
            json.tags("tags", model.tags)
            guard !model.aliases.isEmpty else { return }
            json.array("aliases") { json in
                for alias in model.aliases {
                    json.object { json in
                        json.field("alias", alias.alias)
                        json.field("version", quoting: alias.version)
                    }
                }
            }
        }
    }
}
