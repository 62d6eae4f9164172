package import Core
import Database
import Events

/// The versions of the registered models of a caller's workspace.
package struct ModelVersionStore: Sendable {
    let registry: Registry
    let caller: Caller
    /// A page ends where its versions have about so many bytes; tags may be long, and there may be 10,000 versions.
    package var pageBytes = 16_000_000
    /// Why the changes are made, as the history is to say.
    package var reason: String?

    var database: any Database { registry.database }

    /// Makes the next version of a model.
    ///
    /// The row of the model is locked by the number that it counts, so that concurrent calls get consecutive numbers.
    ///
    /// - Parameter new: What it is made of.
    /// - Returns: The version as it was stored.
    /// - Throws: `Failure.missing` for the model.
    /// - Source: MLflow 3.17, `SqlAlchemyStore.create_model_version`.
    package func create(_ new: NewModelVersion) async throws -> ModelVersion {
        try await database.write { connection in
            let place = try connection.first(
                """
                UPDATE registered_models
                SET last_version = last_version + 1, last_updated_time = \(connection.nowMs)
                WHERE workspace_id = \(caller.workspace.key) AND name = \(new.name.text) \(caller.reaches("name"))
                RETURNING model_key, last_version
                """
            ) { (model: $0.int(0), number: $0.int(1)) }
            guard let place else { throw new.name.missing }
            let key = try insert(new, as: place.number, of: place.model, in: connection)
            try log(connection).append(
                .modelVersionCreated,
                to: .version(new.name.text, place.number),
                [
                    "version": .integer(place.number), "source": .string(new.source),
                    "run_id": new.runID.isEmpty ? nil : .string(new.runID),
                    "description": new.description.isEmpty ? nil : .string(new.description),
                    "tags": JSON(new.tags),
                ]
            )
            try outbox(connection).post(.versionCreated(new, number: place.number), of: place.model)
            let version = new.version(place.number, atMs: connection.nowMs)
            try registry.signatures(for: caller).note(new.files, of: version, key, in: connection)
            return version
        }
    }

    /// The version with this number.
    ///
    /// - Parameters:
    ///   - number: Its number.
    ///   - name: Its model.
    /// - Returns: The version with its tags and aliases.
    /// - Throws: `Failure.missing`.
    package func get(_ number: Int64, of name: ModelName) async throws -> ModelVersion {
        try await database.glance { connection in
            let version = try ModelVersionReader(connection: connection).first(
                """
                FROM registered_models m JOIN model_versions v ON v.model_key = m.model_key
                WHERE m.workspace_id = \(caller.workspace.key) AND m.name = \(name.text) AND v.version = \(number)
                    \(caller.reaches("m.name"))
                """
            )
            guard let version else { throw RegistryRows.missing(number, of: name) }
            return version
        }
    }

    /// Describes a version in other words.
    ///
    /// - Parameters:
    ///   - number: Its number.
    ///   - name: Its model.
    ///   - description: Markdown; nil for none.
    /// - Returns: The version after the change.
    /// - Throws: `Failure.missing`.
    package func describe(
        _ number: Int64,
        of name: ModelName,
        as description: String?
    ) async throws -> ModelVersion {
        if let description { try RegistryText.check(description: description) }
        return try await database.write { connection in
            let found = try rows(connection).version(number, of: name, lock: true)
            try connection.execute(
                """
                UPDATE model_versions SET description = \(description), last_updated_time = \(connection.nowMs)
                WHERE version_key = \(found.key)
                """
            )
            try log(connection).append(
                .modelVersionDescribed,
                to: .version(name.text, number),
                [
                    "version": .integer(number), "from": found.description.map(JSON.string),
                    "to": description.map(JSON.string),
                ]
            )
            return try load(found.key, in: connection)
        }
    }

    /// Moves a version to a stage.
    ///
    /// - Parameters:
    ///   - number: Its number.
    ///   - name: Its model.
    ///   - stage: Where to.
    ///   - archivesOthers: Whether the versions that are there go to the archive; only for Staging and Production.
    ///   - comment: Why.
    /// - Returns: The version after the change.
    /// - Throws: `Failure.missing`, `.invalid` where others cannot be archived, `.permissionDenied` where approvals are
    ///   missing.
    /// - Source: MLflow 3.17, `SqlAlchemyStore.transition_model_version_stage`.
    package func move(
        _ number: Int64,
        of name: ModelName,
        to stage: ModelStage,
        archivesOthers: Bool,
        comment: String? = nil
    ) async throws -> ModelVersion {
        guard !archivesOthers || stage.isActive else {
            throw Failure.invalid(
                "Model version transition cannot archive existing model versions because '\(stage.rawValue)' is not an "
                    + "Active stage. Valid stages are ['Staging', 'Production']"
            )
        }
        return try await registry.protected(name, for: caller, comment: comment) { connection in
            let found = try rows(connection).version(number, of: name, lock: true)
            return (found.modelKey, .move(number, to: stage, archivesOthers: archivesOthers))
        } then: { connection in
            try load(rows(connection).version(number, of: name).key, in: connection)
        }
    }

    /// Moves a version that may be moved.
    func move(
        _ number: Int64,
        of name: ModelName,
        to stage: ModelStage,
        _ archivesOthers: Bool,
        request: Int64?,
        _ comment: String?,
        in connection: any Connection
    ) throws {
        let found = try rows(connection).version(number, of: name, lock: true)
        var moves = [(number: number, from: found.stage, to: stage)]
        if archivesOthers {
            let others = try connection.rows(
                """
                SELECT version FROM model_versions
                WHERE model_key = \(found.modelKey) AND current_stage = \(stage.rawValue) AND version <> \(number)
                ORDER BY version
                """
            ) { $0.int(0) }
            moves = others.map { ($0, stage, .archived) } + moves
        }
        for move in moves {
            try connection.execute(
                """
                UPDATE model_versions
                SET current_stage = \(move.to.rawValue), last_updated_time = \(connection.nowMs)
                WHERE model_key = \(found.modelKey) AND version = \(move.number)
                """
            )
            try log(connection).append(
                .modelVersionStageChanged,
                to: .version(name.text, move.number),
                [
                    "version": .integer(move.number), "from": .string(move.from.rawValue),
                    "to": .string(move.to.rawValue), "request": request.map(JSON.integer),
                ],
                comment: comment
            )
        }
        try rows(connection).touch(found.modelKey)
    }

    /// Deletes a version for good; its number is not given again, and its aliases go with it.
    ///
    /// - Parameters:
    ///   - number: Its number.
    ///   - name: Its model.
    ///   - isForced: Whether one that an alias points at or that is in Production goes, too.
    ///   - comment: Why.
    /// - Throws: `Failure.missing`, `.invalidState` for one that is in use and not forced, `.permissionDenied` for one that
    ///   an approval rule protects.
    package func delete(
        _ number: Int64,
        of name: ModelName,
        isForced: Bool,
        comment: String? = nil
    ) async throws {
        try await database.write { connection in
            let found = try rows(connection).version(number, of: name, lock: true)
            let version = try load(found.key, in: connection)
            let gate = ApprovalGate(caller: caller, connection: connection)
            try gate.checkDeletion(of: version, found.modelKey)
            let uses =
                version.aliases.map { "the alias '\($0)' points at it" }
                + (version.stage == .production ? ["it is in Production"] : [])
            guard isForced || uses.isEmpty else {
                throw Failure(
                    .invalidState,
                    "Model Version (name=\(name), version=\(number)) is in use: \(uses.joined(separator: ", ")). "
                        + "Delete it with force."
                )
            }
            for alias in version.aliases {
                try log(connection).append(
                    .aliasRemoved,
                    to: .alias(name.text, alias),
                    ["alias": .string(alias), "from": .integer(number)],
                    comment: comment
                )
            }
            try connection.execute("DELETE FROM model_versions WHERE version_key = \(found.key)")
            try gate.lapse("model_key = \(found.modelKey) AND version = \(number)", of: name)
            try gate.lapseArchiving([version.stage], of: name, found.modelKey)
            try rows(connection).touch(found.modelKey)
            try log(connection).append(
                .modelVersionDeleted,
                to: .version(name.text, number),
                [
                    "version": .integer(number), "source": .string(version.source),
                    "stage": .string(version.stage.rawValue),
                ],
                comment: comment
            )
        }
    }

    /// Sets a tag; an earlier value is replaced.
    ///
    /// - Parameters:
    ///   - tag: The tag.
    ///   - number: The number of the version.
    ///   - name: Its model.
    /// - Throws: `Failure.missing`, `.invalid` for a broken tag.
    package func set(_ tag: Tag, of number: Int64, of name: ModelName) async throws {
        try RegistryTag.check(tag)
        try await database.write { connection in
            let found = try rows(connection).version(number, of: name, lock: true)
            let key = found.key
            let old = try value(of: tag.key, of: key, in: connection)
            try connection.execute(
                """
                INSERT INTO model_version_tags (version_key, key, value) VALUES (\(key), \(tag.key), \(tag.value))
                ON CONFLICT (version_key, key) DO UPDATE SET value = excluded.value
                """
            )
            try log(connection).append(
                .modelVersionTagSet,
                to: .version(name.text, number),
                [
                    "version": .integer(number), "key": .string(tag.key), "from": old.map(JSON.string),
                    "to": .string(tag.value),
                ]
            )
            try outbox(connection).post(.versionTagSet(name, version: number, tag), of: found.modelKey)
        }
    }

    /// Removes a tag; one that is not there need not be removed.
    ///
    /// - Parameters:
    ///   - tagKey: The key of the tag.
    ///   - number: The number of the version.
    ///   - name: Its model.
    /// - Throws: `Failure.missing` for the version, `.invalid` for what is no key.
    package func deleteTag(_ tagKey: String, of number: Int64, of name: ModelName) async throws {
        try NameRules.checkName(tagKey, path: "key")
        try await database.write { connection in
            let found = try rows(connection).version(number, of: name, lock: true)
            if let old = try value(of: tagKey, of: found.key, in: connection) {
                try connection.execute(
                    "DELETE FROM model_version_tags WHERE version_key = \(found.key) AND key = \(tagKey)"
                )
                try log(connection).append(
                    .modelVersionTagDeleted,
                    to: .version(name.text, number),
                    ["version": .integer(number), "key": .string(tagKey), "from": .string(old)]
                )
            }
            // Also where there was none, as in the original.
            try outbox(connection).post(
                .versionTagDeleted(name, version: number, key: tagKey),
                of: found.modelKey
            )
        }
    }

    private func insert(
        _ new: NewModelVersion,
        as number: Int64,
        of model: Int64,
        in connection: any Connection
    ) throws -> Int64 {
        let key = try connection.first(
            """
            INSERT INTO model_versions (workspace_id, model_key, version, description, creation_time, last_updated_time,
                current_stage, source, storage_location, run_id, run_link, status)
            VALUES (\(caller.workspace.key), \(model), \(number), \(new.description), \(connection.nowMs),
                \(connection.nowMs), \(ModelStage.none.rawValue), \(new.source), \(new.storageLocation), \(new.runID),
                \(new.runLink), \(ModelVersionStatus.ready.rawValue))
            RETURNING version_key
            """
        ) { $0.int(0) }
        guard let key else { preconditionFailure("an inserted version has no key") }
        try connection.insert(
            into: "model_version_tags",
            ["version_key", "key", "value"],
            values: new.tags.flatMap { [.integer(key), .text($0.key), .text($0.value)] }
        )
        return key
    }

    private func rows(_ connection: any Connection) -> RegistryRows {
        RegistryRows(caller: caller, connection: connection)
    }

    private func log(_ connection: any Connection) -> RegistryLog {
        RegistryLog(caller: caller, connection: connection, reason: reason)
    }

    private func outbox(_ connection: any Connection) -> WebhookOutbox {
        WebhookOutbox(registry: registry, caller: caller, connection: connection)
    }

    private func load(_ key: Int64, in connection: any Connection) throws -> ModelVersion {
        try ModelVersionReader(connection: connection).get(key)
    }

    private func value(of key: String, of version: Int64, in connection: any Connection) throws -> String? {
        try connection.first(
            "SELECT value FROM model_version_tags WHERE version_key = \(version) AND key = \(key)"
        ) { $0.text(0) }
    }
}
