package import Core
import Database
import Events

/// The experiments of a caller's workspace.
package struct ExperimentStore: Sendable {
    let tracking: Tracking
    let caller: Caller

    private var database: any Database { tracking.database }

    /// Makes an experiment with the next number of its workspace.
    ///
    /// - Parameter new: What it is made of.
    /// - Returns: Its id.
    /// - Throws: `Failure.alreadyExists` where the name is taken, also by a deleted experiment, `.missing` where the
    ///   workspace was purged meanwhile.
    package func create(_ new: NewExperiment) async throws -> Int64 {
        try await database.write { try insert(new, in: $0) }
    }

    /// The experiment with this id, active or deleted.
    ///
    /// - Parameter id: Its number in the workspace.
    /// - Returns: The experiment with its tags.
    /// - Throws: `Failure.missing`.
    package func get(_ id: Int64) async throws -> Experiment {
        try await database.read { connection in
            try load([try row(of: id, in: connection).key], in: connection)[0]
        }
    }

    /// The experiment with this name, active or deleted; nil where there is none.
    package func find(named name: String) async throws -> Experiment? {
        try await database.read { connection in
            let key = try connection.first(
                """
                SELECT experiment_key FROM experiments
                WHERE workspace_id = \(caller.workspace.key) AND name = \(name) \(caller.reaches("experiment_id"))
                """
            ) { $0.int(0) }
            return try key.map { try load([$0], in: connection)[0] }
        }
    }

    /// Gives an active experiment another name.
    ///
    /// - Parameters:
    ///   - id: Its number.
    ///   - name: The new name.
    /// - Throws: `Failure.missing`, `.invalidState` for a deleted one, `.alreadyExists` for a name that is taken.
    package func rename(_ id: Int64, to name: String) async throws {
        try NewExperiment.check(name: name)
        try await database.write { connection in
            let experiment = try row(of: id, in: connection)
            guard experiment.stage == .active else {
                throw Failure(.invalidState, "Cannot rename a non-active experiment.")
            }
            do {
                try connection.execute(
                    """
                    UPDATE experiments SET name = \(name), last_update_time = \(connection.nowMs)
                    WHERE experiment_key = \(experiment.key)
                    """
                )
            } catch let error as DatabaseError where error.kind == .uniqueViolation {
                throw Failure(.alreadyExists, "Experiment(name=\(name)) already exists.")
            }
            try EventLog.append(.experimentRenamed, to: subject(id), by: caller, in: connection)
        }
    }

    /// Puts an active experiment and all its runs into the bin.
    package func delete(_ id: Int64) async throws {
        try await move(id, from: .active, to: .deleted)
    }

    /// Takes a deleted experiment and all its runs out of the bin.
    package func restore(_ id: Int64) async throws {
        try await move(id, from: .deleted, to: .active)
    }

    /// Sets a tag of an active experiment.
    ///
    /// - Parameters:
    ///   - tag: The tag; an earlier value is replaced.
    ///   - id: The experiment's number.
    /// - Throws: `Failure.missing`, `.invalid` for a broken tag or a deleted experiment.
    package func set(_ tag: Tag, of id: Int64) async throws {
        try NewExperiment.check(tag)
        try await database.write { connection in
            let key = try active(id, in: connection).key
            try connection.execute(
                """
                INSERT INTO experiment_tags (experiment_key, key, value) VALUES (\(key), \(tag.key), \(tag.value))
                ON CONFLICT (experiment_key, key) DO UPDATE SET value = excluded.value
                """
            )
            if CustomViews.isOne(tag.key) {
                let keys = try connection.rows(
                    "SELECT key FROM experiment_tags WHERE experiment_key = \(key)"
                ) {
                    $0.text(0)
                }
                try CustomViews.check(count: keys.count(where: CustomViews.isOne), of: id)
            }
        }
    }

    /// Removes a tag of an active experiment.
    ///
    /// - Parameters:
    ///   - name: The key of the tag.
    ///   - id: The experiment's number.
    /// - Throws: `Failure.missing` where the experiment or the tag is not there.
    package func deleteTag(_ name: String, of id: Int64) async throws {
        try await database.write { connection in
            let key = try active(id, in: connection).key
            let removed = try connection.execute(
                "DELETE FROM experiment_tags WHERE experiment_key = \(key) AND key = \(name)"
            )
            guard removed == 1 else {
                throw Failure.missing("No tag with name: \(name) in experiment with id \(id)")
            }
        }
    }

    /// Experiments with their tags, in the order of the keys.
    func load(_ keys: [Int64], in connection: any Connection) throws -> [Experiment] {
        var tags: [Int64: [Tag]] = [:]
        try connection.forEach(
            "SELECT experiment_key, key, value FROM experiment_tags WHERE experiment_key \(anyOf: keys) ORDER BY 1, 2"
        ) { row in
            tags[row.int(0), default: []].append(Tag(key: row.text(1), value: row.text(2)))
        }
        var found: [Int64: Experiment] = [:]
        try connection.forEach(
            """
            SELECT experiment_key, experiment_id, name, artifact_location, lifecycle_stage, creation_time, last_update_time
            FROM experiments WHERE experiment_key \(anyOf: keys)
            """
        ) { row in
            found[row.int(0)] = Experiment(
                id: row.int(1),
                name: row.text(2),
                artifactLocation: row.text(3),
                stage: LifecycleStage(rawValue: row.text(4)) ?? .deleted,
                creationTime: row.int(5),
                lastUpdateTime: row.int(6),
                tags: tags[row.int(0)] ?? []
            )
        }
        return keys.compactMap { found[$0] }
    }

    func insert(_ new: NewExperiment, in connection: any Connection) throws -> Int64 {
        let id = try connection.first(
            """
            UPDATE workspaces SET next_experiment_id = next_experiment_id + 1
            WHERE workspace_id = \(caller.workspace.key) RETURNING next_experiment_id - 1
            """
        ) { $0.int(0) }
        guard let id else { throw Failure.missing("The repository of the experiment was purged meanwhile.") }
        let location =
            new.artifactLocation ?? appending("\(id)", to: tracking.artifactRoot(in: caller.workspace))
        let key: Int64?
        do {
            key = try connection.first(
                """
                INSERT INTO experiments
                    (workspace_id, experiment_id, name, artifact_location, lifecycle_stage, creation_time, last_update_time)
                VALUES (\(caller.workspace.key), \(id), \(new.name), \(location), 'active', \(connection.nowMs), \(connection.nowMs))
                RETURNING experiment_key
                """
            ) { $0.int(0) }
        } catch let error as DatabaseError where error.kind == .uniqueViolation {
            throw Failure(.alreadyExists, "Experiment(name=\(new.name)) already exists.")
        }
        guard let key else { preconditionFailure("an inserted experiment has no key") }
        try connection.insert(
            into: "experiment_tags",
            ["experiment_key", "key", "value"],
            values: new.tags.flatMap { [.integer(key), .text($0.key), .text($0.value)] },
            "ON CONFLICT (experiment_key, key) DO UPDATE SET value = excluded.value"
        )
        try EventLog.append(.experimentCreated, to: subject(id), by: caller, in: connection)
        return id
    }

    struct Found {
        let key: Int64
        let stage: LifecycleStage
    }

    func row(of id: Int64, in connection: any Connection) throws -> Found {
        let found = try connection.first(
            """
            SELECT experiment_key, lifecycle_stage FROM experiments
            WHERE workspace_id = \(caller.workspace.key) AND experiment_id = \(id) \(caller.reaches("experiment_id"))
            """
        ) { Found(key: $0.int(0), stage: LifecycleStage(rawValue: $0.text(1)) ?? .deleted) }
        guard let found else { throw Failure.missing("No Experiment with id=\(id) exists") }
        return found
    }

    private func move(_ id: Int64, from: LifecycleStage, to: LifecycleStage) async throws {
        try await database.write { connection in
            let found = try row(of: id, in: connection)
            guard found.stage == from else { throw Failure.missing("No Experiment with id=\(id) exists") }
            try connection.execute(
                """
                UPDATE experiments SET lifecycle_stage = \(to.rawValue), last_update_time = \(connection.nowMs)
                WHERE experiment_key = \(found.key)
                """
            )
            try connection.execute(
                """
                UPDATE runs SET lifecycle_stage = \(to.rawValue), deleted_time = \(to == .deleted ? connection.nowMs : nil)
                WHERE experiment_key = \(found.key)
                """
            )
            try EventLog.append(
                to == .deleted ? .experimentDeleted : .experimentRestored,
                to: subject(id),
                by: caller,
                in: connection
            )
        }
    }

    private func subject(_ id: Int64) -> String { "experiment/\(id)" }
}

/// Puts a step at the end of the path of an address; a query behind it stays behind it.
///
/// Source: MLflow, `append_to_uri_path`.
func appending(_ step: String, to location: String) -> String {
    let end = location.firstIndex { $0 == "?" || $0 == "#" } ?? location.endIndex
    let path = location[..<end]
    return path + (path.hasSuffix("/") ? "" : "/") + step + location[end...]
}
