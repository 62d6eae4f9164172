import Core
import Database
import Registry

extension SQLSource {
    /// A version whose row is all that is left of it.
    private static let deletedStage = "Deleted_Internal"

    func forEachRegisteredModel(_ body: (ImportedRegisteredModel) async throws -> Void) async throws {
        guard schema.has("registered_models") else { return }
        var last = ""
        while true {
            let after = last
            let page = try await database.read { try registeredModels(after: after, in: $0) }
            for model in page {
                last = model.name
                try await body(model)
            }
            guard page.count == Self.registeredModelsPerPage else { break }
        }
        try await tellOtherWorkspaces()
    }

    private func tellOtherWorkspaces() async throws {
        guard schema.has("workspace", of: "registered_models") else { return }
        let others = try await database.read { connection in
            try connection.rows(
                """
                SELECT workspace, name FROM registered_models WHERE NOT \(schema.isStandardWorkspace("registered_models"))
                ORDER BY workspace, name
                """
            ) { (workspace: $0.text(0), name: $0.text(1)) }
        }
        for (workspace, name) in others {
            report.missed(
                "registered model \(name)",
                "it is of the workspace '\(workspace)', and there is one workspace here"
            )
        }
    }

    private func registeredModels(
        after last: String,
        in connection: any Connection
    ) throws -> [ImportedRegisteredModel] {
        let rows = try connection.rows(
            """
            SELECT name, creation_time, last_updated_time, description
            FROM registered_models
            WHERE name > \(last) AND \(schema.isStandardWorkspace("registered_models"))
            ORDER BY name LIMIT \(Self.registeredModelsPerPage)
            """
        ) { row in
            (
                name: row.text(0), creation: row.optionalInt(1) ?? 0, update: row.optionalInt(2),
                description: row.optionalText(3)
            )
        }
        return try rows.map { row in
            let (versions, last) = try versions(of: row.name, in: connection)
            return ImportedRegisteredModel(
                name: row.name,
                description: row.description,
                creationTime: row.creation,
                lastUpdateTime: row.update ?? row.creation,
                lastVersion: last,
                tags: try tags(of: row.name, in: connection),
                aliases: try aliases(of: row.name, in: connection),
                versions: versions
            )
        }
    }

    private func tags(of name: String, in connection: any Connection) throws -> [Tag] {
        guard schema.has("registered_model_tags") else { return [] }
        return try connection.rows(
            """
            SELECT key, value FROM registered_model_tags
            WHERE name = \(name) AND \(schema.isStandardWorkspace("registered_model_tags"))
            ORDER BY key
            """
        ) { Tag(key: $0.text(0), value: $0.optionalText(1) ?? "") }
    }

    private func aliases(
        of name: String,
        in connection: any Connection
    ) throws -> [(alias: String, version: Int64)] {
        guard schema.has("registered_model_aliases") else { return [] }
        return try connection.rows(
            """
            SELECT alias, version FROM registered_model_aliases
            WHERE name = \(name) AND \(schema.isStandardWorkspace("registered_model_aliases"))
            ORDER BY alias
            """
        ) { ($0.text(0), $0.int(1)) }
    }

    private func versions(
        of name: String,
        in connection: any Connection
    ) throws -> (versions: [ImportedModelVersion], last: Int64) {
        var tags: [Int64: [Tag]] = [:]
        if schema.has("model_version_tags") {
            try connection.forEach(
                """
                SELECT version, key, value FROM model_version_tags
                WHERE name = \(name) AND \(schema.isStandardWorkspace("model_version_tags"))
                ORDER BY version, key
                """
            ) { row in
                let tag = Tag(key: row.text(1), value: row.optionalText(2) ?? "")
                tags[row.int(0), default: []].append(tag)
            }
        }
        var (versions, last): ([ImportedModelVersion], Int64) = ([], 0)
        try connection.forEach(
            """
            SELECT version, creation_time, last_updated_time, description, current_stage, source,
                \(schema.column("storage_location", of: "model_versions")), run_id,
                \(schema.column("run_link", of: "model_versions")), status, status_message
            FROM model_versions
            WHERE name = \(name) AND \(schema.isStandardWorkspace("model_versions"))
            ORDER BY version
            """
        ) { row in
            last = max(last, row.int(0))
            guard row.optionalText(4) != Self.deletedStage else { return }
            let source = row.optionalText(5) ?? ""
            versions.append(
                ImportedModelVersion(
                    version: row.int(0),
                    description: row.optionalText(3),
                    creationTime: row.optionalInt(1) ?? 0,
                    lastUpdateTime: row.optionalInt(2) ?? row.optionalInt(1) ?? 0,
                    stage: row.optionalText(4).flatMap(ModelStage.init) ?? .none,
                    source: source,
                    storageLocation: row.optionalText(6) ?? source,
                    runID: row.optionalText(7) ?? "",
                    runLink: row.optionalText(8) ?? "",
                    status: row.optionalText(9).flatMap(ModelVersionStatus.init) ?? .ready,
                    statusMessage: row.optionalText(10),
                    tags: tags[row.int(0)] ?? []
                )
            )
        }
        return (versions, last)
    }
}
