package import Core
import Database
import Events

/// The registered models of a caller's workspace; prompts are among them.
package struct RegisteredModelStore: Sendable {
    let registry: Registry
    let caller: Caller
    /// A page ends where its models, with their latest versions, have about so many bytes.
    package var pageBytes = 16_000_000
    /// Why the changes are made, as the history is to say.
    package var reason: String?

    var database: any Database { registry.database }

    /// Makes a model without versions.
    ///
    /// - Parameter new: What it is made of.
    /// - Returns: The model as it was stored.
    /// - Throws: `Failure.alreadyExists` for a name that a model or a prompt has.
    /// - Source: MLflow 3.17, `SqlAlchemyStore.create_registered_model`, `handle_resource_already_exist_error`.
    package func create(_ new: NewRegisteredModel) async throws -> RegisteredModel {
        try await database.write { connection in
            let key = try connection.first(
                """
                INSERT INTO registered_models
                    (workspace_id, name, description, creation_time, last_updated_time, last_version)
                VALUES (\(caller.workspace.key), \(new.name.text), \(new.description), \(connection.nowMs),
                    \(connection.nowMs), 0)
                ON CONFLICT (workspace_id, name) DO NOTHING
                RETURNING model_key
                """
            ) { $0.int(0) }
            guard let key else { throw try taken(by: new, in: connection) }
            try connection.insert(
                into: "registered_model_tags",
                ["model_key", "key", "value"],
                values: new.tags.flatMap { [.integer(key), .text($0.key), .text($0.value)] }
            )
            try log(connection).append(
                .registeredModelCreated,
                to: .model(new.name.text),
                [
                    "description": new.description.isEmpty ? nil : .string(new.description),
                    "tags": JSON(new.tags),
                ]
            )
            try outbox(connection).post(.modelCreated(new), of: key)
            return try load(key, in: connection)
        }
    }

    /// The model with this name.
    ///
    /// - Parameter name: Its name.
    /// - Returns: The model with its tags, its aliases and its newest version in each stage.
    /// - Throws: `Failure.missing`.
    package func get(_ name: ModelName) async throws -> RegisteredModel {
        try await database.read { try load(rows($0).model(name), in: $0) }
    }

    /// Gives a model another name; versions, tags and aliases stay with it.
    ///
    /// - Parameters:
    ///   - name: Its name.
    ///   - newName: The new one.
    /// - Returns: The model after the change.
    /// - Throws: `Failure.missing`, `.alreadyExists` for a name that is taken, `.permissionDenied` for one that has approval
    ///   rules.
    package func rename(_ name: ModelName, to newName: ModelName) async throws -> RegisteredModel {
        try await database.write { connection in
            let key = try rows(connection).model(name, lock: true)
            if newName != name {
                try ApprovalGate(caller: caller, connection: connection).checkName(name, key, to: "rename")
            }
            do {
                try connection.execute(
                    """
                    UPDATE registered_models SET name = \(newName.text), last_updated_time = \(connection.nowMs)
                    WHERE model_key = \(key)
                    """
                )
            } catch let error as DatabaseError where error.kind == .uniqueViolation {
                throw Failure.alreadyExists("Registered Model (name=\(newName)) already exists.")
            }
            try connection.execute(
                "UPDATE model_versions SET last_updated_time = \(connection.nowMs) WHERE model_key = \(key)"
            )
            try registry.follow(name.text, newName.text, caller, connection)
            try log(connection).renamed(name, to: newName)
            return try load(key, in: connection)
        }
    }

    /// Describes a model in other words.
    ///
    /// - Parameters:
    ///   - name: Its name.
    ///   - description: Markdown; empty for none.
    /// - Returns: The model after the change.
    /// - Throws: `Failure.missing`, `.invalid` for a description that is too long.
    package func describe(_ name: ModelName, as description: String) async throws -> RegisteredModel {
        try RegistryText.check(description: description)
        return try await database.write { connection in
            let key = try rows(connection).model(name, lock: true)
            let old = try connection.first(
                "SELECT description FROM registered_models WHERE model_key = \(key)"
            ) { $0.optionalText(0) }
            try connection.execute(
                """
                UPDATE registered_models
                SET description = \(description), last_updated_time = \(connection.nowMs)
                WHERE model_key = \(key)
                """
            )
            try log(connection).append(
                .registeredModelDescribed,
                to: .model(name.text),
                ["from": old?.map(JSON.string), "to": .string(description)]
            )
            return try load(key, in: connection)
        }
    }

    /// Deletes a model with its versions for good; only the log remembers them.
    ///
    /// - Parameters:
    ///   - name: Its name.
    ///   - isForced: Whether one with aliases or a version in Production goes, too.
    ///   - comment: Why.
    /// - Throws: `Failure.missing`, `.invalidState` for one that is in use and not forced, `.permissionDenied` for one that has
    ///   approval rules.
    package func delete(_ name: ModelName, isForced: Bool, comment: String? = nil) async throws {
        try await database.write { connection in
            let key = try rows(connection).model(name, lock: true)
            try ApprovalGate(caller: caller, connection: connection).checkName(name, key, to: "delete")
            let model = try load(key, in: connection)
            guard isForced || model.uses.isEmpty else {
                throw Failure(
                    .invalidState,
                    "Registered Model (name=\(name)) is in use: \(model.uses.joined(separator: ", ")). Delete it with force."
                )
            }
            for alias in model.aliases {
                try log(connection).append(
                    .aliasRemoved,
                    to: .alias(name.text, alias.alias),
                    ["alias": .string(alias.alias), "from": .integer(alias.version)]
                )
            }
            let versions = try connection.rows(
                "SELECT version FROM model_versions WHERE model_key = \(key) ORDER BY version"
            ) { JSON.integer($0.int(0)) }
            try connection.execute("DELETE FROM registered_models WHERE model_key = \(key)")
            try registry.follow(name.text, nil, caller, connection)
            try log(connection).append(
                .registeredModelDeleted,
                to: .model(name.text),
                ["versions": .array(versions)],
                comment: comment
            )
        }
    }

    /// Sets a tag; an earlier value is replaced.
    ///
    /// - Parameters:
    ///   - tag: The tag.
    ///   - name: The model.
    /// - Throws: `Failure.missing`, `.invalid` for a broken tag.
    package func set(_ tag: Tag, of name: ModelName) async throws {
        try RegistryTag.check(tag)
        try await database.write { connection in
            let key = try rows(connection).model(name, lock: true)
            let old = try value(of: tag.key, of: key, in: connection)
            try connection.execute(
                """
                INSERT INTO registered_model_tags (model_key, key, value) VALUES (\(key), \(tag.key), \(tag.value))
                ON CONFLICT (model_key, key) DO UPDATE SET value = excluded.value
                """
            )
            try log(connection).append(
                .registeredModelTagSet,
                to: .model(name.text),
                ["key": .string(tag.key), "from": old.map(JSON.string), "to": .string(tag.value)]
            )
            try outbox(connection).post(.modelTagSet(name, tag), of: key)
        }
    }

    /// Removes a tag; one that is not there need not be removed.
    ///
    /// - Parameters:
    ///   - tagKey: The key of the tag.
    ///   - name: The model.
    /// - Throws: `Failure.missing` for the model, `.invalid` for what is no key.
    package func deleteTag(_ tagKey: String, of name: ModelName) async throws {
        try NameRules.checkName(tagKey, path: "key")
        try await database.write { connection in
            let key = try rows(connection).model(name, lock: true)
            if let old = try value(of: tagKey, of: key, in: connection) {
                try connection.execute(
                    "DELETE FROM registered_model_tags WHERE model_key = \(key) AND key = \(tagKey)"
                )
                try log(connection).append(
                    .registeredModelTagDeleted,
                    to: .model(name.text),
                    ["key": .string(tagKey), "from": .string(old)]
                )
            }
            // Also where there was none, as in the original.
            try outbox(connection).post(.modelTagDeleted(name, key: tagKey), of: key)
        }
    }

    /// The newest version of a model in each of some stages, with its aliases.
    ///
    /// - Parameters:
    ///   - name: The model.
    ///   - stages: The stages; empty for all.
    /// - Returns: The versions, oldest first.
    /// - Throws: `Failure.missing`.
    package func latestVersions(
        of name: ModelName,
        in stages: Set<ModelStage> = []
    ) async throws -> [ModelVersion] {
        try await database.read { connection in
            let key = try rows(connection).model(name)
            return try RegisteredModelReader(connection: connection)
                .latestVersions(of: [key], called: [name.text], showsAliases: true).versions
                .filter { stages.isEmpty || stages.contains($0.stage) }
        }
    }

    func rows(_ connection: any Connection) -> RegistryRows {
        RegistryRows(caller: caller, connection: connection)
    }

    func log(_ connection: any Connection) -> RegistryLog {
        RegistryLog(caller: caller, connection: connection, reason: reason)
    }

    func outbox(_ connection: any Connection) -> WebhookOutbox {
        WebhookOutbox(registry: registry, caller: caller, connection: connection)
    }

    private func load(_ key: Int64, in connection: any Connection) throws -> RegisteredModel {
        try RegisteredModelReader(connection: connection).get(key)
    }

    private func value(of key: String, of model: Int64, in connection: any Connection) throws -> String? {
        try connection.first(
            "SELECT value FROM registered_model_tags WHERE model_key = \(model) AND key = \(key)"
        ) { $0.text(0) }
    }

    private func taken(by new: NewRegisteredModel, in connection: any Connection) throws -> Failure {
        // Held, so that it stays as it is read; where it was deleted meanwhile, the name is free.
        let isHeld = try connection.first(
            """
            SELECT 1 FROM registered_models
            WHERE workspace_id = \(caller.workspace.key) AND name = \(new.name.text) \(.forShare)
            """
        ) { _ in true }
        guard isHeld == true else { throw DatabaseError.gone("the model that has the name") }
        let existing = try load(rows(connection).model(new.name), in: connection)
        let (old, fresh) = (Prompt.hasMark(existing.tags), Prompt.hasMark(new.tags))
        guard old != fresh else {
            return .alreadyExists(
                "\(fresh ? "Prompt" : "Registered Model") (name=\(new.name)) already exists."
            )
        }
        return .alreadyExists(
            "Tried to create a \(fresh ? "prompt" : "registered model") with name \(PythonText.repr(new.name.text)), "
                + "but the name is already taken by a \(old ? "prompt" : "registered model"). MLflow does not allow "
                + "creating a model and a prompt with the same name."
        )
    }
}
