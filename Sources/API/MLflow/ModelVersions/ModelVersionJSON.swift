import Core
import HTTP
import Registry

/// - Source: `model_registry.proto`, message `ModelVersion`.
extension JSONWriter {
    mutating func value(_ version: ModelVersion) {
        object { json in
            json.field("name", version.name)
            json.field("version", quoting: version.version)
            json.field("creation_timestamp", version.creationTime)
            json.field("last_updated_timestamp", version.lastUpdateTime)
            json.field("current_stage", version.stage.rawValue)
            if let description = version.description { json.field("description", description) }
            json.field("source", version.source)
            json.field("run_id", version.runID)
            json.field("status", version.status.rawValue)
            if let message = version.statusMessage, !message.isEmpty { json.field("status_message", message) }
            json.tags("tags", version.tags)
            json.field("run_link", version.runLink)
            guard !version.aliases.isEmpty else { return }
            json.array("aliases") { json in
                for alias in version.aliases { json.value(alias) }
            }
        }
    }
}

extension Answer {
    static func version(_ version: ModelVersion) -> Answer {
        .json(capacityBytes: 512) { json in
            json.key("model_version")
            json.value(version)
        }
    }
}
