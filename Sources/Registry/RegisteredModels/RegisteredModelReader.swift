import Core
import Database

/// Reads whole registered models: a sweep over each table for a page of them.
struct RegisteredModelReader {
    let connection: any Connection

    /// Of the model `m`.
    static let columns: SQL = "m.name, m.creation_time, m.last_updated_time, m.description"

    /// From the columns above, of which the first has a number in the row.
    static func model(_ row: borrowing Row, from first: Int) -> RegisteredModel {
        RegisteredModel(
            name: row.text(first),
            creationTime: row.int(first + 1),
            lastUpdateTime: row.int(first + 2),
            description: row.optionalText(first + 3),
            latestVersions: [],
            tags: [],
            aliases: []
        )
    }

    /// The model of a key that was found.
    func get(_ key: Int64) throws -> RegisteredModel {
        var models = try connection.rows(
            "SELECT \(Self.columns) FROM registered_models m WHERE m.model_key = \(key)"
        ) { Self.model($0, from: 0) }
        guard models.count == 1 else { throw DatabaseError.gone("model \(key)") }
        try complete(&models, of: [key])
        return models[0]
    }

    /// Adds what lies in other tables to models.
    ///
    /// - Parameters:
    ///   - models: As their rows have them.
    ///   - start: The place of the first of them.
    ///   - keys: Their keys.
    /// - Throws: `DatabaseError` where the database fails.
    func complete(_ models: inout [RegisteredModel], from start: Int = 0, of keys: [Int64]) throws {
        guard !keys.isEmpty else { return }
        try connection.forEach(
            """
            SELECT wanted.key, t.key, t.value FROM \(eachOf: keys) CROSS JOIN registered_model_tags t
            WHERE t.model_key = wanted.value
            """
        ) { row in
            models[start + Int(row.int(0))].tags.insert(inOrder: Tag(key: row.text(1), value: row.text(2)))
        }
        try connection.forEach(
            """
            SELECT wanted.key, a.alias, a.version FROM \(eachOf: keys) CROSS JOIN registered_model_aliases a
            WHERE a.model_key = wanted.value
            ORDER BY wanted.key, a.alias
            """
        ) { row in
            models[start + Int(row.int(0))].aliases.append(
                ModelAlias(alias: row.text(1), version: row.int(2))
            )
        }
        let latest = try latestVersions(of: keys, called: models[start...].map(\.name))
        for (place, version) in zip(latest.places, latest.versions) {
            models[start + place].latestVersions.append(version)
        }
    }

    private static let stages: SQL = ModelStage.allCases.map { stage in
        SQL(trusted: "SELECT '\(stage.rawValue)' AS stage")
    }.joined(separator: " UNION ALL ")

    /// The newest version in each stage of models, in the order in which the stages were first entered by those that are
    /// still there.
    ///
    /// - Parameters:
    ///   - keys: The models.
    ///   - names: Their names.
    ///   - showsAliases: Whether with their aliases.
    /// - Returns: The versions, and the place among `keys` of the model that each is of.
    /// - Throws: `DatabaseError` where the database fails.
    func latestVersions(
        of keys: [Int64],
        called names: [String],
        showsAliases: Bool = false
    ) throws -> (places: [Int], versions: [ModelVersion]) {
        var (places, versionKeys, versions): ([Int], [Int64], [ModelVersion]) = ([], [], [])
        // An index has the versions of a stage in their order, so that only the first and the last are looked at.
        try connection.forEach(
            """
            SELECT latest.place, v.version_key, \(ModelVersionReader.columnsBesideName)
            FROM (
                SELECT wanted.key AS place, (
                    SELECT w.version_key FROM model_versions w
                    WHERE w.model_key = wanted.value AND w.current_stage = stages.stage
                    ORDER BY w.version DESC LIMIT 1
                ) AS version_key
                FROM \(eachOf: keys) CROSS JOIN (\(Self.stages)) stages
            ) latest
            CROSS JOIN model_versions v
            WHERE v.version_key = latest.version_key
            ORDER BY latest.place, (
                SELECT MIN(w.version) FROM model_versions w
                WHERE w.model_key = v.model_key AND w.current_stage = v.current_stage
            )
            """
        ) { row in
            let place = Int(row.int(0))
            places.append(place)
            versionKeys.append(row.int(1))
            versions.append(ModelVersionReader.version(row, from: 2, of: names[place]))
        }
        try ModelVersionReader(connection: connection).complete(
            &versions,
            of: versionKeys,
            showsAliases: showsAliases
        )
        return (places, versions)
    }
}
