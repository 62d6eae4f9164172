import Core
import Database

/// Reads whole registered models: a sweep over each table for a page of them.
struct RegisteredModelReader {
    let connection: any Connection

    /// The models of keys, in their order.
    func load(_ keys: [Int64]) throws -> [RegisteredModel] {
        guard !keys.isEmpty else { return [] }
        let (tags, aliases) = (try readTags(keys), try readAliases(keys))
        let versions = try readLatest(keys)
        var models: [Int64: RegisteredModel] = [:]
        try connection.forEach(
            """
            SELECT model_key, name, creation_time, last_updated_time, description
            FROM registered_models
            WHERE model_key \(oneOf: keys)
            """
        ) { row in
            models[row.int(0)] = RegisteredModel(
                name: row.text(1),
                creationTime: row.int(2),
                lastUpdateTime: row.int(3),
                description: row.optionalText(4),
                latestVersions: versions[row.int(0)] ?? [],
                tags: tags[row.int(0)] ?? [],
                aliases: aliases[row.int(0)] ?? []
            )
        }
        return keys.compactMap { models[$0] }
    }

    /// The keys of the newest version in each stage of models, in the order in which the stages were first entered by
    /// those that are still there.
    func latestVersions(of keys: [Int64]) throws -> [(model: Int64, version: Int64)] {
        try connection.rows(
            """
            SELECT v.model_key, v.version_key
            FROM model_versions v
            JOIN (
                SELECT model_key, MAX(version) AS version, MIN(version) AS place
                FROM model_versions
                WHERE model_key \(oneOf: keys)
                GROUP BY model_key, current_stage
            ) latest ON latest.model_key = v.model_key AND latest.version = v.version
            ORDER BY v.model_key, latest.place
            """
        ) { ($0.int(0), $0.int(1)) }
    }

    private func readLatest(_ keys: [Int64]) throws -> [Int64: [ModelVersion]] {
        let latest = try latestVersions(of: keys)
        let reader = ModelVersionReader(connection: connection)
        let versions = try reader.load(latest.map(\.version))
        var result: [Int64: [ModelVersion]] = [:]
        for (key, version) in zip(latest, versions) { result[key.model, default: []].append(version) }
        return result
    }

    private func readTags(_ keys: [Int64]) throws -> [Int64: [Tag]] {
        var tags: [Int64: [Tag]] = [:]
        try connection.forEach(
            """
            SELECT model_key, key, value FROM registered_model_tags
            WHERE model_key \(oneOf: keys)
            ORDER BY model_key, key
            """
        ) { tags[$0.int(0), default: []].append(Tag(key: $0.text(1), value: $0.text(2))) }
        return tags
    }

    private func readAliases(_ keys: [Int64]) throws -> [Int64: [ModelAlias]] {
        var aliases: [Int64: [ModelAlias]] = [:]
        try connection.forEach(
            """
            SELECT model_key, alias, version FROM registered_model_aliases
            WHERE model_key \(oneOf: keys)
            ORDER BY model_key, alias
            """
        ) { aliases[$0.int(0), default: []].append(ModelAlias(alias: $0.text(1), version: $0.int(2))) }
        return aliases
    }
}
