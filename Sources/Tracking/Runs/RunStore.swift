package import Core
import Database
import Events

/// What a new run is made of.
package struct NewRun: Sendable {
    package let experimentID: Int64
    package let userID: String
    /// Empty for a name that the server makes.
    package let name: String
    package let startTime: Int64
    package let tags: [Tag]

    package init(experimentID: Int64, userID: String, name: String, startTime: Int64, tags: [Tag]) {
        self.experimentID = experimentID
        self.userID = userID
        self.name = name
        self.startTime = startTime
        self.tags = tags
    }
}

/// The runs of a caller's workspace.
package struct RunStore: Sendable {
    let tracking: Tracking
    let caller: Caller

    var database: any Database { tracking.database }
    var names: NameTable { tracking.names }

    /// A run as a transaction sees it.
    struct Found {
        let key: Int64
        let experimentKey: Int64
        let stage: LifecycleStage

        /// For writing values to it in this transaction.
        func values(hasLongValues: Bool, in connection: any Connection) throws -> RunValues {
            try RunValues(
                run: key,
                experiment: experimentKey,
                hasLongValues: hasLongValues,
                in: connection
            )
        }
    }

    /// Starts a run in an active experiment.
    ///
    /// - Parameter new: What it is made of.
    /// - Returns: The run as it was stored, with the name that it got.
    /// - Throws: `Failure.missing` or `.invalid` for an experiment that is not there or deleted, `.invalid` where the
    ///   name and the tag `mlflow.runName` differ.
    /// - Source: MLflow 3.17, `SqlAlchemyStore.create_run`.
    package func create(_ new: NewRun) async throws -> Run {
        try await database.write { try insert(new, in: $0) }
    }

    /// The run with this id, active or deleted, with everything that was logged of it.
    ///
    /// - Parameter id: The run's id.
    /// - Returns: The run.
    /// - Throws: `Failure.missing`.
    package func get(_ id: String) async throws -> Run {
        try await database.glance { connection in
            let found = try row(of: id, in: connection)
            return try RunReader(names: names, connection: connection).load([found.key])[0]
        }
    }

    /// Changes state, end or name of an active run; what is nil stays.
    ///
    /// - Parameters:
    ///   - id: The run's id.
    ///   - status: The new state.
    ///   - endTime: Epoch milliseconds.
    ///   - name: The new name, which the tag `mlflow.runName` follows; empty means no change.
    /// - Returns: The run's info after the change.
    /// - Throws: `Failure.missing`, `.invalid` for a deleted run.
    package func update(
        _ id: String,
        status: RunStatus?,
        endTime: Int64?,
        name: String?
    ) async throws -> RunInfo {
        try await database.write { connection in
            let found = try activeRow(of: id, in: connection)
            var hasChanged = false
            if let status {
                hasChanged =
                    try connection.execute(
                        """
                        UPDATE runs SET status = \(status.rawValue)
                        WHERE run_key = \(found.key) AND status <> \(status.rawValue)
                        """
                    ) == 1
            }
            if let endTime {
                try connection.execute("UPDATE runs SET end_time = \(endTime) WHERE run_key = \(found.key)")
            }
            if let name, !name.isEmpty {
                var values = try found.values(hasLongValues: SortedNames.isLong(name), in: connection)
                try rename(to: name, &values, in: connection)
            }
            let info = try info(of: found.key, in: connection)
            let end = info.endTime.map { "\($0)" } ?? "null"
            try EventLog.append(
                .runUpdated,
                to: subject(id),
                details: #"{"status":"\#(info.status.word)","end_time":\#(end),"changed":\#(hasChanged)}"#,
                by: caller,
                in: connection
            )
            return info
        }
    }

    /// Puts a run into the bin; one that is there stays there.
    package func delete(_ id: String) async throws {
        try await move(id, to: .deleted)
    }

    /// Takes a run out of the bin; one that is not there stays.
    package func restore(_ id: String) async throws {
        try await move(id, to: .active)
    }

    /// Removes a tag of an active run.
    ///
    /// - Parameters:
    ///   - key: The key of the tag.
    ///   - id: The run's id.
    /// - Throws: `Failure.missing` where the run or the tag is not there, `.invalid` for a deleted run.
    package func deleteTag(_ key: String, of id: String) async throws {
        try await database.write { connection in
            let found = try activeRow(of: id, in: connection)
            let nameID = try names.find(key, in: connection) ?? -1
            let removed = try connection.execute(
                "DELETE FROM tags WHERE run_key = \(found.key) AND name_id = \(nameID)"
            )
            guard removed == 1 else { throw Failure.missing("No tag with name: \(key) in run with id \(id)") }
        }
    }

    func row(of id: String, in connection: any Connection) throws -> Found {
        try find(id, lock: false, in: connection)
    }

    /// An active run, locked until the transaction ends, so that what is logged to it comes one after the other.
    func activeRow(of id: String, in connection: any Connection) throws -> Found {
        let found = try find(id, lock: true, in: connection)
        guard found.stage == .active else {
            throw Failure.invalid(
                "The run \(id) must be in the 'active' state. Current state is \(found.stage.rawValue)."
            )
        }
        return found
    }

    func rename(to name: String, _ values: inout RunValues, in connection: any Connection) throws {
        try connection.execute("UPDATE runs SET name = \(name) WHERE run_key = \(values.run)")
        let tagID = try names.intern([RunName.tagKey], in: connection)[0]
        try values.write([(tagID, name)], of: .tag, .replace, in: connection)
    }

    func subject(_ id: String) -> String { "run/\(id)" }

    private func find(_ id: String, lock: Bool, in connection: any Connection) throws -> Found {
        let ending: SQL = lock ? "\(.forUpdate)" : ""
        guard let found = try find(id, ending: ending, in: connection) else {
            throw Failure.missing("Run with id=\(id) not found")
        }
        return found
    }

    func find(_ id: String, ending: SQL = "", in connection: any Connection) throws -> Found? {
        try connection.first(
            """
            SELECT run_key, experiment_key, lifecycle_stage FROM runs
            WHERE workspace_id = \(caller.workspace.key) AND run_uuid = \(id) \(caller.reaches(key: "experiment_key")) \(ending)
            """
        ) {
            Found(
                key: $0.int(0),
                experimentKey: $0.int(1),
                stage: LifecycleStage(rawValue: $0.text(2)) ?? .deleted
            )
        }
    }

    private func insert(_ new: NewRun, in connection: any Connection) throws -> Run {
        var seen: Set<ExactText> = []
        for tag in new.tags where !seen.insert(ExactText(tag.key)).inserted {
            throw Failure.invalid("The tag '\(tag.key)' is given more than once.")
        }
        guard !new.tags.contains(where: { $0.key == RunName.tagKey && $0.value.isEmpty }) else {
            throw Failure.invalid("The tag '\(RunName.tagKey)' is the name of the run and cannot be empty.")
        }
        let experiment = try tracking.experiments(for: caller).active(new.experimentID, in: connection)
        let tagged = new.tags.last { $0.key == RunName.tagKey }?.value ?? ""
        if !new.name.isEmpty, !tagged.isEmpty, new.name != tagged {
            throw Failure.invalid(
                "Both 'run_name' argument and 'mlflow.runName' tag are specified, but with different values "
                    + "(run_name='\(new.name)', mlflow.runName='\(tagged)')."
            )
        }
        let name = new.name.isEmpty ? (tagged.isEmpty ? RunName.random() : tagged) : new.name
        var tags = new.tags
        if tagged.isEmpty { tags.append(Tag(key: RunName.tagKey, value: name)) }
        let id = RandomID.hexadecimal()
        let uri = appending("artifacts", to: appending(id, to: experiment.artifactLocation))
        let key = try connection.first(
            """
            INSERT INTO runs (workspace_id, run_uuid, experiment_key, name, user_id, status, start_time,
                lifecycle_stage, artifact_uri)
            VALUES (\(caller.workspace.key), \(id), \(experiment.key), \(name), \(new.userID),
                \(RunStatus.running.rawValue), \(new.startTime), 'active', \(uri))
            RETURNING run_key
            """
        ) { $0.int(0) }
        guard let key else { preconditionFailure("an inserted run has no key") }
        var values = try RunValues(
            run: key,
            experiment: experiment.key,
            hasLongValues: tags.contains { SortedNames.isLong($0.value) },
            in: connection
        )
        let ids = try names.intern(tags.map(\.key), in: connection)
        try values.write(zip(tags, ids).map { ($1, $0.value) }, of: .tag, .replace, in: connection)
        try EventLog.append(.runCreated, to: subject(id), by: caller, in: connection)
        let info = RunInfo(
            id: id,
            experimentID: new.experimentID,
            name: name,
            userID: new.userID,
            status: .running,
            startTime: new.startTime,
            endTime: nil,
            artifactURI: uri,
            stage: .active
        )
        return Run(info: info, tags: tags)
    }

    private func info(of key: Int64, in connection: any Connection) throws -> RunInfo {
        try RunReader(names: names, connection: connection).info(of: key)
    }

    private func move(_ id: String, to stage: LifecycleStage) async throws {
        try await database.write { connection in
            let found = try find(id, lock: true, in: connection)
            try connection.execute(
                """
                UPDATE runs SET lifecycle_stage = \(stage.rawValue),
                    deleted_time = \(stage == .deleted ? connection.nowMs : nil)
                WHERE run_key = \(found.key)
                """
            )
            try EventLog.append(
                stage == .deleted ? .runDeleted : .runRestored,
                to: subject(id),
                by: caller,
                in: connection
            )
        }
    }
}
