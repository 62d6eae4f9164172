import Core
import Database

/// Reads whole versions: a sweep over each table for a page of them.
struct ModelVersionReader {
    let connection: any Connection

    /// The versions of keys, in their order; their aliases only where they are asked for, as in the original.
    func load(_ keys: [Int64], showsAliases: Bool) throws -> [ModelVersion] {
        guard !keys.isEmpty else { return [] }
        let tags = try readTags(keys)
        let aliases = showsAliases ? try readAliases(keys) : [:]
        var versions: [Int64: ModelVersion] = [:]
        try connection.forEach(
            """
            SELECT v.version_key, m.name, v.version, v.creation_time, v.last_updated_time, v.description,
                v.current_stage, v.source, v.storage_location, v.run_id, v.run_link, v.status, v.status_message
            FROM model_versions v JOIN registered_models m ON m.model_key = v.model_key
            WHERE v.version_key \(oneOf: keys)
            """
        ) { row in
            versions[row.int(0)] = ModelVersion(
                name: row.text(1),
                version: row.int(2),
                creationTime: row.int(3),
                lastUpdateTime: row.int(4),
                description: row.optionalText(5),
                stage: ModelStage(rawValue: row.text(6)) ?? .none,
                source: row.text(7),
                storageLocation: row.text(8),
                runID: row.text(9),
                runLink: row.text(10),
                status: ModelVersionStatus(rawValue: row.text(11)) ?? .ready,
                statusMessage: row.optionalText(12),
                tags: tags[row.int(0)] ?? [],
                aliases: aliases[row.int(0)] ?? []
            )
        }
        return keys.compactMap { versions[$0] }
    }

    private func readTags(_ keys: [Int64]) throws -> [Int64: [Tag]] {
        var tags: [Int64: [Tag]] = [:]
        try connection.forEach(
            """
            SELECT version_key, key, value FROM model_version_tags
            WHERE version_key \(oneOf: keys)
            ORDER BY version_key, key
            """
        ) { tags[$0.int(0), default: []].append(Tag(key: $0.text(1), value: $0.text(2))) }
        return tags
    }

    private func readAliases(_ keys: [Int64]) throws -> [Int64: [String]] {
        var aliases: [Int64: [String]] = [:]
        try connection.forEach(
            """
            SELECT v.version_key, a.alias
            FROM model_versions v
            JOIN registered_model_aliases a ON a.model_key = v.model_key AND a.version = v.version
            WHERE v.version_key \(oneOf: keys)
            ORDER BY v.version_key, a.alias
            """
        ) { aliases[$0.int(0), default: []].append($0.text(1)) }
        return aliases
    }
}

extension SQL.StringInterpolation {
    /// A condition on a key; a single one is bound as itself, which is what most calls ask for.
    mutating func appendInterpolation(oneOf keys: [Int64]) {
        if keys.count == 1 {
            appendLiteral("= ")
            appendInterpolation(keys[0])
        } else {
            appendInterpolation(anyOf: keys)
        }
    }
}
