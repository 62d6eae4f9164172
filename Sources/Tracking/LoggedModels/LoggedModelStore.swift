package import Core
import Database
import Events

/// The logged models of a caller's workspace.
package struct LoggedModelStore: Sendable {
    let tracking: Tracking
    let caller: Caller

    var database: any Database { tracking.database }
    var names: NameTable { tracking.names }

    /// Makes a model in an active experiment; it is pending until it is finalized.
    ///
    /// - Parameter new: What it is made of, checked.
    /// - Returns: The model as it was stored, with the name and the place that it got.
    /// - Throws: `Failure.missing` or `.invalid` for an experiment that is not there or deleted.
    /// - Source: MLflow 3.17, `SqlAlchemyStore.create_logged_model`.
    package func create(_ new: NewLoggedModel) async throws -> LoggedModel {
        try await database.write { connection in
            let (id, key) = try insert(new, in: connection)
            try write(new.params, to: key, in: connection)
            try write(new.tags, to: key, in: connection)
            try EventLog.append(.loggedModelCreated, to: subject(id), by: caller, in: connection)
            return try load(key, in: connection)
        }
    }

    /// The model with this id.
    ///
    /// - Parameters:
    ///   - id: The model's id.
    ///   - isDeletedFound: Whether a deleted model is found too.
    /// - Returns: The model with everything that is known of it.
    /// - Throws: `Failure.missing`.
    package func get(_ id: String, isDeletedFound: Bool = false) async throws -> LoggedModel {
        try await database.read { connection in
            let model = try load(try key(of: id, lock: false, in: connection), in: connection)
            guard isDeletedFound || model.stage == .active else { throw missing(id) }
            return model
        }
    }

    /// Says how far a model has come; also of a deleted one, and as often as it changes.
    ///
    /// - Parameters:
    ///   - id: The model's id.
    ///   - status: The new state.
    /// - Returns: The model after the change.
    /// - Throws: `Failure.missing`.
    package func finalize(_ id: String, as status: LoggedModelStatus) async throws -> LoggedModel {
        try await database.write { connection in
            let key = try key(of: id, lock: true, in: connection)
            try connection.execute(
                """
                UPDATE logged_models
                SET status = \(status.rawValue), last_updated_timestamp_ms = \(connection.nowMs)
                WHERE model_key = \(key)
                """
            )
            try EventLog.append(
                .loggedModelFinalized,
                to: subject(id),
                details: #"{"status":"\#(status.word)"}"#,
                by: caller,
                in: connection
            )
            return try load(key, in: connection)
        }
    }

    /// Puts a model into the bin; one that is there stays there.
    package func delete(_ id: String) async throws {
        try await database.write { connection in
            let key = try key(of: id, lock: true, in: connection)
            try connection.execute(
                """
                UPDATE logged_models
                SET lifecycle_stage = 'deleted', last_updated_timestamp_ms = \(connection.nowMs)
                WHERE model_key = \(key)
                """
            )
            try EventLog.append(.loggedModelDeleted, to: subject(id), by: caller, in: connection)
        }
    }

    /// Sets tags of a model, also of a deleted one; of a key that comes twice, the last value stays.
    ///
    /// - Parameters:
    ///   - tags: The tags; earlier values are replaced.
    ///   - id: The model's id.
    /// - Throws: `Failure.missing`.
    package func set(_ tags: [Tag], of id: String) async throws {
        try await database.write { connection in
            let key = try key(of: id, lock: true, in: connection)
            var last: [ExactText: Tag] = [:]
            for tag in tags { last[ExactText(tag.key)] = tag }
            try write(last.keys.sorted().compactMap { last[$0] }, to: key, in: connection)
        }
    }

    /// Removes a tag of a model.
    ///
    /// - Parameters:
    ///   - name: The key of the tag.
    ///   - id: The model's id.
    /// - Throws: `Failure.missing` where the model or the tag is not there.
    package func deleteTag(_ name: String, of id: String) async throws {
        try await database.write { connection in
            let key = try key(of: id, lock: true, in: connection)
            let nameID = try names.find(name, in: connection) ?? -1
            let removed = try connection.execute(
                "DELETE FROM logged_model_tags WHERE model_key = \(key) AND name_id = \(nameID)"
            )
            guard removed == 1 else {
                throw Failure.missing(
                    "No tag with key \(PythonText.repr(name)) found for model with ID \(PythonText.repr(id))."
                )
            }
        }
    }

    /// Logs params of a model; each keeps its first value.
    ///
    /// - Parameters:
    ///   - params: The params; a value that is there already may be sent again, as by a client that tries again.
    ///   - id: The model's id.
    /// - Throws: `Failure.missing`, `.invalid` where a value would change or a key comes twice.
    /// - Source: MLflow 3.17, `SqlAlchemyStore.log_logged_model_params`.
    package func log(_ params: [Param], to id: String) async throws {
        try NewLoggedModel.checkUnique(params.map(\.key), of: "param")
        try await database.write { connection in
            let key = try key(of: id, lock: true, in: connection)
            let ids = try names.intern(params.map(\.key), in: connection)
            var stored: [Int64: String] = [:]
            try connection.forEach(
                "SELECT name_id, value FROM logged_model_params WHERE model_key = \(key) AND name_id \(anyOf: ids)"
            ) { stored[$0.int(0)] = $0.text(1) }
            for (param, nameID) in zip(params, ids) {
                guard let old = stored[nameID], ExactText(old) != ExactText(param.value) else { continue }
                throw Failure.invalid(
                    "Changing param values is not allowed. Param with key='\(param.key)' was already logged with "
                        + "value='\(old)' for model ID='\(id)'. Attempted logging new value '\(param.value)'."
                )
            }
            let fresh = zip(params, ids).filter { stored[$0.1] == nil }.map(\.0)
            try write(fresh, to: key, in: connection)
        }
    }

    private func insert(
        _ new: NewLoggedModel,
        in connection: any Connection
    ) throws -> (id: String, key: Int64) {
        let experiment = try tracking.experiments(for: caller).active(new.experimentID, in: connection)
        let id = "m-" + RandomID.hexadecimal()
        let location = ["models", id, "artifacts"].reduce(experiment.artifactLocation) {
            appending($1, to: $0)
        }
        let key = try connection.first(
            """
            INSERT INTO logged_models (workspace_id, model_id, experiment_key, name, artifact_location,
                creation_timestamp_ms, last_updated_timestamp_ms, status, lifecycle_stage, model_type, source_run_id)
            VALUES (\(caller.workspace.key), \(id), \(experiment.key), \(new.name ?? RunName.random()), \(location),
                \(connection.nowMs), \(connection.nowMs), \(LoggedModelStatus.pending.rawValue), 'active',
                \(new.type), \(new.sourceRunID))
            RETURNING model_key
            """
        ) { $0.int(0) }
        guard let key else { preconditionFailure("an inserted model has no key") }
        return (id, key)
    }

    /// The key of a model in any stage.
    func key(of id: String, lock: Bool, in connection: any Connection) throws -> Int64 {
        let ending: SQL = lock ? "\(.forUpdate)" : ""
        let key = try connection.first(
            """
            SELECT model_key FROM logged_models
            WHERE workspace_id = \(caller.workspace.key) AND model_id = \(id) \(caller.reaches(key: "experiment_key")) \(ending)
            """
        ) { $0.int(0) }
        guard let key else { throw missing(id) }
        return key
    }

    private func load(_ key: Int64, in connection: any Connection) throws -> LoggedModel {
        guard let model = try LoggedModelReader(names: names, connection: connection).load([key]).first else {
            throw DatabaseError.gone("a logged model")
        }
        return model
    }

    private func write(_ params: [Param], to key: Int64, in connection: any Connection) throws {
        let ids = try names.intern(params.map(\.key), in: connection)
        try connection.insert(
            into: "logged_model_params",
            ["model_key", "name_id", "value"],
            values: zip(params, ids).flatMap { [.integer(key), .integer($1), .text($0.value)] }
        )
    }

    func write(_ tags: [Tag], to key: Int64, in connection: any Connection) throws {
        let ids = try names.intern(tags.map(\.key), in: connection)
        try connection.insert(
            into: "logged_model_tags",
            ["model_key", "name_id", "value"],
            values: zip(tags, ids).flatMap { [.integer(key), .integer($1), .text($0.value)] },
            "ON CONFLICT (model_key, name_id) DO UPDATE SET value = excluded.value"
        )
    }

    private func missing(_ id: String) -> Failure { .missing("Logged model with ID '\(id)' not found.") }

    private func subject(_ id: String) -> String { "model/\(id)" }
}
