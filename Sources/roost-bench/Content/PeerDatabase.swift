import GRDBSQLite

/// The database that a peer made itself, filled by SQL, because over HTTP the same would take hours.
///
/// The rows are those that the peer writes when the same content is logged to it over its API.
struct PeerDatabase {
    private let peer: Peer
    private let database: SQLite

    init(_ stage: Stage) throws {
        peer = stage.peer
        database = try SQLite(stage.databasePath)
        try database.run("PRAGMA synchronous = OFF; PRAGMA cache_size = -1000000")
    }

    /// Writes the runs numbered `first` to `first + count`.
    func add(runs count: Int, from first: Int, to experimentID: String) throws {
        try database.run("BEGIN IMMEDIATE")
        let statements = try Statements(database, peer)
        for number in first..<first + count {
            try statements.add(RunContent(number: number), to: experimentID)
        }
        try database.run("COMMIT; PRAGMA optimize")
    }

    /// Gives a run so many points of the metric `loss`, at steps from 0.
    func add(points count: Int, to run: String) throws {
        try database.run("BEGIN IMMEDIATE")
        let statements = try Statements(database, peer)
        for step in 0..<count {
            try statements.metrics.run(
                "loss",
                LongHistory.value(step),
                LongHistory.timestampMs(step),
                run,
                step,
                step + 1
            )
        }
        let last = count - 1
        try statements.latest.run(
            "loss",
            LongHistory.value(last),
            LongHistory.timestampMs(last),
            run,
            last,
            count
        )
        try database.run("COMMIT; PRAGMA optimize")
    }

    /// Writes models of so many versions, the last of which has the alias `champion`.
    func add(models names: [String], versions: Int) throws {
        try database.run("BEGIN IMMEDIATE")
        let model = try database.prepare(
            """
            INSERT INTO registered_models (workspace, name, creation_time, last_updated_time, description)
            VALUES ('default', ?1, ?2, ?2, '')
            """
        )
        let version = try database.prepare(
            """
            INSERT INTO model_versions (workspace, name, version, creation_time, last_updated_time, description,
                current_stage, source, storage_location, run_id, run_link, status)
            VALUES ('default', ?1, ?2, ?3, ?3, '', 'None', ?4, ?4, '', '', 'READY')
            """
        )
        let tag = try database.prepare(
            """
            INSERT INTO model_version_tags (workspace, name, version, key, value)
            VALUES ('default', ?1, ?2, 'task', 'classify')
            """
        )
        let alias = try database.prepare(
            """
            INSERT INTO registered_model_aliases (workspace, name, alias, version)
            VALUES ('default', ?1, 'champion', ?2)
            """
        )
        for (index, name) in names.enumerated() {
            try model.run(name, RunContent.firstStartMs + index)
            for number in 1...versions {
                try version.run(name, number, RunContent.firstStartMs + index, Requests.modelSource)
                try tag.run(name, number)
            }
            try alias.run(name, versions)
        }
        try database.run("COMMIT; PRAGMA optimize")
    }

    private struct Statements {
        let peer: Peer
        let runs: SQLite.Statement
        let metrics: SQLite.Statement
        let latest: SQLite.Statement
        let params: SQLite.Statement
        let tags: SQLite.Statement

        init(_ database: SQLite, _ peer: Peer) throws {
            self.peer = peer
            let isFML = peer == .fml
            runs = try database.prepare(
                """
                INSERT INTO runs (run_uuid, name, start_time, artifact_uri, experiment_id,
                    source_type, source_name, entry_point_name, source_version, user_id, status,
                    lifecycle_stage\(isFML ? ", row_num" : ""))
                VALUES (?1, ?2, ?3, ?4, ?5, 'UNKNOWN', '', '', '', 'ann', 'RUNNING',
                    'active'\(isFML ? ", ?6" : ""))
                """
            )
            metrics = try database.prepare(
                """
                INSERT INTO metrics
                    (key, value, timestamp, run_uuid, step, is_nan\(isFML ? ", iter, context_id" : ""))
                VALUES (?1, ?2, ?3, ?4, ?5, 0\(isFML ? ", ?6, 1" : ""))
                """
            )
            latest = try database.prepare(
                """
                INSERT INTO latest_metrics
                    (key, value, timestamp, run_uuid, step, is_nan\(isFML ? ", last_iter, context_id" : ""))
                VALUES (?1, ?2, ?3, ?4, ?5, 0\(isFML ? ", ?6, 1" : ""))
                """
            )
            params = try database.prepare(
                "INSERT INTO params (key, \(isFML ? "value_str" : "value"), run_uuid) VALUES (?1, ?2, ?3)"
            )
            tags = try database.prepare("INSERT INTO tags (key, value, run_uuid) VALUES (?1, ?2, ?3)")
        }

        func add(_ content: RunContent, to experimentID: String) throws {
            let root = peer == .mlflow ? "mlflow-artifacts:" : "file:///artifacts"
            let place = "\(root)/\(experimentID)/\(content.id)/artifacts"
            try runs.run(
                content.id,
                content.name,
                content.startMs,
                place,
                Int(experimentID) ?? 0,
                content.number
            )
            for metric in content.metrics {
                try metrics.run(metric.key, metric.value, content.startMs, content.id, 0, 1)
                try latest.run(metric.key, metric.value, content.startMs, content.id, 0, 1)
            }
            for param in content.params { try params.run(param.key, param.value, content.id) }
            for tag in content.tags { try tags.run(tag.key, tag.value, content.id) }
            if peer == .mlflow { try tags.run("mlflow.runName", content.name, content.id) }
        }
    }
}
