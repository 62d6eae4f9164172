import Core
import Database
import Events

extension RegisteredModelStore {
    /// Points an alias at a version; where it pointed elsewhere, it is moved.
    ///
    /// - Parameters:
    ///   - alias: The alias.
    ///   - name: The model.
    ///   - version: The number of the version.
    ///   - comment: Why.
    /// - Throws: `Failure.missing` for the version, `.invalid` for an alias that means something already,
    ///   `.permissionDenied` where approvals are missing.
    package func setAlias(
        _ alias: AliasName,
        of name: ModelName,
        to version: Int64,
        comment: String? = nil
    ) async throws {
        try alias.checkFree()
        try await registry.protected(name, for: caller, comment: comment) { connection in
            let found = try rows(connection).version(version, of: name, lock: true)
            return (found.modelKey, .setAlias(alias.text, to: version))
        } then: { _ in
        }
    }

    /// Removes an alias; one that is not there need not be removed.
    ///
    /// - Parameters:
    ///   - alias: The alias.
    ///   - name: The model.
    ///   - comment: Why.
    /// - Throws: `Failure.missing` for the model, `.permissionDenied` where approvals are missing.
    package func removeAlias(
        _ alias: AliasName,
        of name: ModelName,
        comment: String? = nil
    ) async throws {
        try await registry.protected(name, for: caller, comment: comment) { connection in
            let key = try rows(connection).model(name, lock: true)
            if try target(of: alias, of: key, in: connection) != nil {
                return (key, .removeAlias(alias.text))
            }
            // Receivers are told also where there was none, as by the original.
            try outbox(connection).post(.aliasRemoved(name, alias), of: key)
            return nil
        } then: { _ in
        }
    }

    /// The version that an alias points at; `latest` is the newest.
    ///
    /// - Parameters:
    ///   - alias: The alias.
    ///   - name: The model.
    /// - Returns: The version with its aliases.
    /// - Throws: `Failure.missing` for the model, or for `latest` where there are no versions; `.invalid` for an alias that
    ///   is not there, as in the original.
    package func version(at alias: AliasName, of name: ModelName) async throws -> ModelVersion {
        try await database.glance { connection in
            let reader = ModelVersionReader(connection: connection)
            if alias.isLatest { return try reader.get(latest(of: name, in: connection)) }
            let version = try reader.first(
                """
                FROM registered_models m
                JOIN registered_model_aliases a ON a.model_key = m.model_key
                JOIN model_versions v ON v.model_key = a.model_key AND v.version = a.version
                WHERE m.workspace_id = \(caller.workspace.key) AND m.name = \(name.text) AND a.alias = \(alias.text)
                    \(caller.reaches("m.name"))
                """
            )
            guard let version else {
                _ = try rows(connection).model(name)
                throw Failure.invalid("Registered model alias \(alias.text) not found.")
            }
            return version
        }
    }

    /// Sets an alias that may be set.
    func set(
        _ alias: AliasName,
        of name: ModelName,
        to version: Int64,
        request: Int64?,
        _ comment: String?,
        in connection: any Connection
    ) throws {
        let (modelKey, old) = try point(alias, of: name, to: version, in: connection)
        try log(connection).append(
            .aliasSet,
            to: .alias(name.text, alias.text),
            [
                "alias": .string(alias.text), "from": old.map(JSON.integer), "to": .integer(version),
                "request": request.map(JSON.integer),
            ],
            comment: comment
        )
        try outbox(connection).post(.aliasSet(name, alias, version: version), of: modelKey)
    }

    /// Removes an alias that may be removed.
    func remove(
        _ alias: AliasName,
        of name: ModelName,
        _ modelKey: Int64,
        request: Int64?,
        _ comment: String?,
        in connection: any Connection
    ) throws {
        let old = try target(of: alias, of: modelKey, in: connection)
        try connection.execute(
            "DELETE FROM registered_model_aliases WHERE model_key = \(modelKey) AND alias = \(alias.text)"
        )
        try log(connection).append(
            .aliasRemoved,
            to: .alias(name.text, alias.text),
            [
                "alias": .string(alias.text), "from": old.map(JSON.integer),
                "request": request.map(JSON.integer),
            ],
            comment: comment
        )
        try outbox(connection).post(.aliasRemoved(name, alias), of: modelKey)
    }

    /// Moves an alias without a word in the log.
    func point(
        _ alias: AliasName,
        of name: ModelName,
        to version: Int64,
        in connection: any Connection
    ) throws -> (modelKey: Int64, old: Int64?) {
        let found = try rows(connection).version(version, of: name, lock: true)
        let old = try target(of: alias, of: found.modelKey, in: connection)
        try connection.execute(
            """
            INSERT INTO registered_model_aliases (model_key, alias, version)
            VALUES (\(found.modelKey), \(alias.text), \(version))
            ON CONFLICT (model_key, alias) DO UPDATE SET version = excluded.version
            """
        )
        return (found.modelKey, old)
    }

    private func target(of alias: AliasName, of key: Int64, in connection: any Connection) throws -> Int64? {
        try connection.first(
            "SELECT version FROM registered_model_aliases WHERE model_key = \(key) AND alias = \(alias.text)"
        ) { $0.int(0) }
    }

    private func latest(of name: ModelName, in connection: any Connection) throws -> Int64 {
        let key = try rows(connection).model(name)
        let newest = try connection.first(
            "SELECT version_key FROM model_versions WHERE model_key = \(key) ORDER BY version DESC LIMIT 1"
        ) { $0.int(0) }
        guard let newest else { throw Failure.missing("Latest version not found for model \(name).") }
        return newest
    }
}
