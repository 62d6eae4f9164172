import FoundationEssentials

/// The limit of rows: what SQLite itself takes, in a thin schema, in WAL mode with every commit synced.
///
/// With 16 clients, 16 requests share a commit.
struct RawInserts {
    private let database: SQLite
    private let seconds: Double

    init(folder: String, seconds: Double) throws {
        let path = folder + "/raw.db"
        if FileManager.default.fileExists(atPath: path) { try FileManager.default.removeItem(atPath: path) }
        database = try SQLite(path)
        self.seconds = seconds
        try database.run(
            """
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = FULL;
            CREATE TABLE runs (id INTEGER PRIMARY KEY, run_uuid TEXT UNIQUE, experiment_id INTEGER, name TEXT,
                user_id TEXT, status TEXT, start_time INTEGER, artifact_uri TEXT);
            CREATE TABLE metrics (run INTEGER, key INTEGER, step INTEGER, timestamp INTEGER, value REAL,
                PRIMARY KEY (run, key, step, timestamp, value)) WITHOUT ROWID;
            CREATE TABLE latest_metrics (run INTEGER, key INTEGER, step INTEGER, timestamp INTEGER,
                value REAL, PRIMARY KEY (run, key)) WITHOUT ROWID;
            CREATE TABLE params (run INTEGER, key INTEGER, value TEXT, PRIMARY KEY (run, key)) WITHOUT ROWID;
            CREATE TABLE tags (run INTEGER, key INTEGER, value TEXT, PRIMARY KEY (run, key)) WITHOUT ROWID;
            """
        )
    }

    /// Adds the rates to the rows of the write cases.
    func measure(into rows: inout [Row]) throws {
        for clients in [1, 16] {
            try note("create run, \(clients.clients)", in: &rows, rate(clients, try runInsert()))
            try note("log metric, \(clients.clients)", in: &rows, rate(clients, try batchInsert(keys: 1)))
            for batch in WriteCases.batches {
                let insert = try batchInsert(keys: batch.keys, steps: batch.steps, others: batch.others)
                try note("\(batch.name), \(clients.clients)", in: &rows, rate(clients, insert))
            }
        }
    }

    private func note(_ name: String, in rows: inout [Row], _ rate: @autoclosure () throws -> Double) throws {
        guard let index = rows.firstIndex(where: { $0.name == name }) else { return }
        rows[index].cells[Peer.sqlite.rawValue] = .value(try rate())
    }

    private typealias Insert = (_ number: Int, _ client: Int) throws -> Void

    private func rate(_ clients: Int, _ insert: Insert) throws -> Double {
        let start = MonotonicClock.nowNanoseconds
        var commits = 0
        repeat {
            try database.run("BEGIN IMMEDIATE")
            for client in 0..<clients { try insert(commits, client) }
            try database.run("COMMIT")
            commits += 1
        } while MonotonicClock.seconds(since: start) < seconds
        let rate = Double(commits * clients) / MonotonicClock.seconds(since: start)
        for table in ["runs", "metrics", "latest_metrics", "params", "tags"] {
            try database.run("DELETE FROM \(table)")
        }
        return rate
    }

    private func runInsert() throws -> Insert {
        let insert = try database.prepare(
            """
            INSERT INTO runs (run_uuid, experiment_id, name, user_id, status, start_time, artifact_uri)
            VALUES (?1, 0, 'bold-finch-7', 'ann', 'RUNNING', 1700000000000, ?2)
            """
        )
        return { number, client in
            let id = RunContent(number: number * 16 + client).id
            try insert.run(id, "mlflow-artifacts:/0/\(id)/artifacts")
        }
    }

    private func batchInsert(keys: Int, steps: Int = 1, others: Int = 0) throws -> Insert {
        let metrics = try database.prepare("INSERT INTO metrics VALUES (?1, ?2, ?3, 1700000000000, ?4)")
        let latest = try database.prepare(
            """
            INSERT INTO latest_metrics VALUES (?1, ?2, ?3, 1700000000000, ?4)
            ON CONFLICT (run, key) DO UPDATE SET step = excluded.step, value = excluded.value
            """
        )
        let params = try database.prepare("INSERT INTO params VALUES (?1, ?2, ?3)")
        let tags = try database.prepare("INSERT INTO tags VALUES (?1, ?2, ?3)")
        return { number, client in
            let run = others > 0 ? number * 16 + client : client
            for key in 0..<keys {
                for step in 0..<steps { try metrics.run(run, key, number * steps + step, 0.6931471805599453) }
                try latest.run(run, key, number * steps + steps - 1, 0.6931471805599453)
            }
            for key in 0..<others {
                try params.run(run, key, "value of \(key)")
                try tags.run(run, key, "value of \(key)")
            }
        }
    }
}
