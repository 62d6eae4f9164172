import Core
import Database

/// Reads whole versions: a sweep over each table for a page of them.
struct ModelVersionReader {
    let connection: any Connection

    /// Of the version `v` and its model `m`.
    static let columns: SQL = "m.name, \(columnsBesideName)"

    static let columnsBesideName: SQL = """
        v.version, v.creation_time, v.last_updated_time, v.description, v.current_stage, v.source,
        v.storage_location, v.run_id, v.run_link, v.status, v.status_message
        """

    /// The one version that a condition finds, with its aliases.
    ///
    /// - Parameter origin: From `FROM` on; the version is called `v` and its model `m`.
    /// - Returns: Nil where there is none.
    /// - Throws: `DatabaseError` where the database fails.
    func first(_ origin: SQL) throws -> ModelVersion? {
        let found = try connection.first("SELECT v.version_key, v.model_key, \(Self.columns) \(origin)") {
            (version: Self.version($0, from: 2), key: $0.int(0), model: $0.int(1))
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

    /// The version of a key that was found, with its aliases.
    func get(_ key: Int64) throws -> ModelVersion {
        let version = try first(
            """
            FROM model_versions v JOIN registered_models m ON m.model_key = v.model_key WHERE v.version_key = \(key)
            """
        )
        guard let version else { throw DatabaseError.gone("version \(key)") }
        return version
    }

    /// The versions of keys, in their order; their aliases only where they are asked for, as in the original.
    func load(_ keys: [Int64], showsAliases: Bool = false) throws -> [ModelVersion] {
        guard !keys.isEmpty else { return [] }
        var found = [Int64: ModelVersion](minimumCapacity: keys.count)
        try connection.forEach(
            """
            SELECT v.version_key, \(Self.columns)
            FROM model_versions v JOIN registered_models m ON m.model_key = v.model_key
            WHERE v.version_key \(oneOf: keys)
            """
        ) { found[$0.int(0)] = Self.version($0, from: 1) }
        var (versions, foundKeys): ([ModelVersion], [Int64]) = ([], [])
        for key in keys {
            guard let version = found.removeValue(forKey: key) else { continue }
            versions.append(version)
            foundKeys.append(key)
        }
        try complete(&versions, of: foundKeys, showsAliases: showsAliases)
        return versions
    }

    /// Adds what lies in other tables to versions.
    ///
    /// - Parameters:
    ///   - versions: As their rows have them.
    ///   - start: The place of the first of them.
    ///   - keys: Their keys.
    ///   - showsAliases: Whether their aliases are added beside their tags.
    /// - Throws: `DatabaseError` where the database fails.
    func complete(
        _ versions: inout [ModelVersion],
        from start: Int = 0,
        of keys: [Int64],
        showsAliases: Bool = false
    ) throws {
        guard !keys.isEmpty else { return }
        try connection.forEach(
            """
            SELECT wanted.key, t.key, t.value FROM \(eachOf: keys) CROSS JOIN model_version_tags t
            WHERE t.version_key = wanted.value
            """
        ) { row in
            versions[start + Int(row.int(0))].tags.insert(inOrder: Tag(key: row.text(1), value: row.text(2)))
        }
        guard showsAliases else { return }
        try connection.forEach(
            """
            SELECT wanted.key, a.alias
            FROM \(eachOf: keys)
            CROSS JOIN model_versions v
            JOIN registered_model_aliases a ON a.model_key = v.model_key AND a.version = v.version
            WHERE v.version_key = wanted.value
            ORDER BY wanted.key, a.alias
            """
        ) { versions[start + Int($0.int(0))].aliases.append($0.text(1)) }
    }

    /// From the columns above, of which the first has a number in the row.
    static func version(_ row: borrowing Row, from first: Int) -> ModelVersion {
        version(row, from: first + 1, of: row.text(first))
    }

    /// From the columns above but the first, which is the name of the model.
    static func version(_ row: borrowing Row, from second: Int, of name: String) -> ModelVersion {
        ModelVersion(
            .init(
                name: name,
                version: row.int(second),
                creationTime: row.int(second + 1),
                lastUpdateTime: row.int(second + 2),
                description: row.optionalText(second + 3),
                stage: ModelStage(rawValue: row.text(second + 4)) ?? .none,
                source: row.text(second + 5),
                storageLocation: row.text(second + 6),
                runID: row.text(second + 7),
                runLink: row.text(second + 8),
                status: ModelVersionStatus(rawValue: row.text(second + 9)) ?? .ready,
                statusMessage: row.optionalText(second + 10)
            )
        )
    }
}
