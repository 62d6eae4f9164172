import Core
import Database

/// Reads whole versions: a sweep over each table for a page of them.
struct ModelVersionReader {
    let connection: any Connection

    private static let columns: SQL = """
        v.version_key, m.name, v.version, v.creation_time, v.last_updated_time, v.description, v.current_stage, v.source,
        v.storage_location, v.run_id, v.run_link, v.status, v.status_message
        """

    /// The one version that a condition finds, with its aliases.
    ///
    /// - Parameter origin: From `FROM` on; the version is called `v` and its model `m`.
    /// - Returns: Nil where there is none.
    /// - Throws: `DatabaseError` where the database fails.
    func first(_ origin: SQL) throws -> ModelVersion? {
        let found = try connection.first("SELECT \(Self.columns), v.model_key \(origin)") {
            (version: Self.version($0), key: $0.int(0), model: $0.int(13))
        }
        guard var version = found?.version, let key = found?.key, let model = found?.model else { return nil }
        version.tags = try connection.rows(
            "SELECT key, value FROM model_version_tags WHERE version_key = \(key) ORDER BY key"
        ) { Tag(key: $0.text(0), value: $0.text(1)) }
        version.aliases = try connection.rows(
            """
            SELECT alias FROM registered_model_aliases
            WHERE model_key = \(model) AND version = \(version.version)
            ORDER BY alias
            """
        ) { $0.text(0) }
        return version
    }

    /// The version of a key, which is there, with its aliases.
    func get(_ key: Int64) throws -> ModelVersion {
        let version = try first(
            """
            FROM model_versions v JOIN registered_models m ON m.model_key = v.model_key WHERE v.version_key = \(key)
            """
        )
        guard let version else { preconditionFailure("version \(key) is gone") }
        return version
    }

    /// The versions of keys, in their order; their aliases only where they are asked for, as in the original.
    func load(_ keys: [Int64], showsAliases: Bool = false) throws -> [ModelVersion] {
        guard !keys.isEmpty else { return [] }
        var versions = [ModelVersion?](repeating: nil, count: keys.count)
        var places = [Int64: Int](minimumCapacity: keys.count)
        for (place, key) in keys.enumerated() { places[key] = place }
        try connection.forEach(
            """
            SELECT \(Self.columns)
            FROM model_versions v JOIN registered_models m ON m.model_key = v.model_key
            WHERE v.version_key \(oneOf: keys)
            """
        ) { row in
            if let place = places[row.int(0)] { versions[place] = Self.version(row) }
        }
        try connection.forEach(
            """
            SELECT version_key, key, value FROM model_version_tags
            WHERE version_key \(oneOf: keys)
            ORDER BY version_key, key
            """
        ) { row in
            guard let place = places[row.int(0)] else { return }
            versions[place]?.tags.append(Tag(key: row.text(1), value: row.text(2)))
        }
        if showsAliases {
            try connection.forEach(
                """
                SELECT v.version_key, a.alias
                FROM model_versions v
                JOIN registered_model_aliases a ON a.model_key = v.model_key AND a.version = v.version
                WHERE v.version_key \(oneOf: keys)
                ORDER BY v.version_key, a.alias
                """
            ) { row in
                guard let place = places[row.int(0)] else { return }
                versions[place]?.aliases.append(row.text(1))
            }
        }
        return versions.compactMap(\.self)
    }

    /// From the columns above.
    private static func version(_ row: borrowing Row) -> ModelVersion {
        ModelVersion(
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
            tags: [],
            aliases: []
        )
    }
}
