import Core
import Database
import TestSupport
import Testing

@testable import Tracking

/// The answers are those of MLflow 3.17.2 where it knows the filter.
struct RunQueryTests {
    @Test(
        arguments: Backend.available,
        [
            (nil, "edcba"),
            ("metrics.acc > 0.5", "db"),
            ("metrics.acc >= 0.5 and metrics.acc < 0.9", "ba"),
            ("metrics.acc != 0.5", "edb"),
            ("metrics.acc = 0", ""),
            ("metrics.unknown != 1", ""),
            ("params.lr = '0.1'", "ca"),
            ("params.lr != '0.1'", "b"),
            ("params.lr like '0._'", "ca"),
            ("params.lr LIKE '%1'", "cba"),
            ("params.lr IS NULL", "ed"),
            ("params.lr IS NOT NULL", "cba"),
            ("params.unknown IS NULL", "edcba"),
            ("params.unknown != 'x'", ""),
            ("tags.team = 'Red'", "a"),
            ("tags.team LIKE 'red%'", "b"),
            ("tags.team ILIKE 'red%'", "ba"),
            ("tags.team LIKE 'a\\%'", "c"),
            ("tags.team = 'it''s'", ""),
            ("attributes.run_name = 'run-a'", "a"),
            ("run_name LIKE 'run-%'", "edcba"),
            ("status = 'FINISHED'", "ba"),
            ("status != 'FINISHED'", "edc"),
            ("status LIKE 'F%'", "dba"),
            ("status = 'NOSUCH'", ""),
            ("user_id = 'bob'", "e"),
            ("artifact_uri LIKE '%/c'", "c"),
            ("start_time > 20", "edc"),
            ("start_time > 20.5", "edc"),
            ("created = 30", "c"),
            ("end_time < 100", "a"),
            ("end_time != 100", "a"),
            ("start_time < 99999999999999999999", "edcba"),
            ("run_id = 'c'", "c"),
            ("run_id IN ('a', 'd', 'gone')", "da"),
            ("run_id NOT IN ('a', 'd')", "ecb"),
            ("dataset.name = 'wine'", "ba"),
            ("dataset.digest LIKE '2%'", "b"),
            ("dataset.context IN ('train', 'test')", "ba"),
            ("dataset.context = 'test'", "b"),
            ("dataset.name != 'wine'", ""),
            // Beyond MLflow.
            ("metrics.acc > 0.5 or params.lr = '0.1'", "dcba"),
            ("not metrics.acc > 0.5", "eca"),
            ("not end_time < 100", "edcb"),
            ("not (status = 'FINISHED' and not tags.team = 'Red')", "edca"),
            ("not params.unknown = 'x'", "edcba"),
        ] as [(String?, String)]
    )
    func `finds the runs that a filter means`(
        on backend: Backend,
        _ filter: (text: String?, ids: String)
    ) async throws {
        try await withRuns(on: backend) { search in
            let found = try await search(filter.text, [], limit: 100).joined()

            #expect(found == filter.ids)
        }
    }

    @Test(
        arguments: Backend.available,
        [
            ([], "edcba"),
            (["metrics.acc"], "abdec"),
            (["metrics.acc DESC"], "dbaec"),
            (["metrics.`acc` desc", "start_time ASC"], "dbaec"),
            (["metrics.unknown DESC"], "edcba"),
            (["params.lr"], "bcaed"),
            (["params.lr DESC", "start_time ASC"], "acbde"),
            (["tags.team ASC"], "acbed"),
            (["attributes.status DESC"], "cebad"),
            (["end_time"], "abedc"),
            (["end_time DESC", "Created"], "bacde"),
            (["user_id DESC", "run_id DESC"], "edcba"),
            (["run_id"], "abcde"),
        ] as [([String], String)]
    )
    func `sorts as MLflow sorts, what is missing last`(
        on backend: Backend,
        _ order: (terms: [String], ids: String)
    ) async throws {
        try await withRuns(on: backend) { search in
            let found = try await search(nil, order.terms, limit: 100).joined()

            #expect(found == order.ids)
        }
    }

    @Test(arguments: Backend.available)
    func `pages of any size are the whole, whatever the order`(on backend: Backend) async throws {
        try await withRuns(on: backend) { search in
            for order in Self.orders {
                for filter in [
                    nil, "metrics.acc != 0.5", "metrics.acc > 0.1", "not status = 'KILLED'",
                    "run_id IN ('a', 'd', 'e', 'f', 'h')", "metrics.acc > 0.5 and metrics.acc <= 0.7",
                ] {
                    for view in ViewType.allCases {
                        for experiments in [[1], [1, 2], Array(1...20)] as [[Int64]] {
                            let whole = try await search(filter, order, limit: 100, view, experiments)
                            let paged = try await search(filter, order, limit: 2, view, experiments)

                            #expect(paged == whole, "\(filter ?? "") \(order) \(view) \(experiments)")
                        }
                    }
                }
            }
        }
    }

    @Test(arguments: Backend.available)
    func `one experiment at a time or many together, the answer is the same`(on backend: Backend) async throws
    {
        try await withRuns(on: backend) { search in
            for order in Self.orders {
                let merged = try await search(nil, order, limit: 100, .all, [1, 2])
                let together = try await search(nil, order, limit: 100, .all, Array(1...20))

                #expect(merged == together)
                #expect(merged.count == 8)
            }
        }
    }

    private static let orders: [[String]] = [
        [], ["metrics.acc"], ["metrics.acc DESC", "params.lr"], ["params.lr DESC", "metrics.acc"],
        ["metrics.unknown", "tags.team"], ["tags.team DESC"], ["end_time", "status DESC"], ["run_name DESC"],
    ]

    @Test(arguments: Backend.available)
    func `a token stays right while runs are added and their metric is sorted`(
        on backend: Backend
    ) async throws {
        try await withDatabase(on: backend, migrations: TrackingMigrations.all) { database in
            try await database.write { try insertRuns(everyName, in: $0) }
            let query = try runQuery(nil, ["metrics.acc DESC"], limit: 2)
            let first = try await page(of: query, after: nil, in: database)

            try await database.write { connection in
                try insert(Sample(id: "new", key: 9, start: 90, accuracy: 0.95), everyName, in: connection)
            }
            let later = try runQuery(nil, ["metrics.acc DESC"], limit: 2, sorted: everyName)
            let second = try await page(of: later, after: first.next, in: database)

            #expect(first.keys == [4, 2])
            #expect(second.keys == [1, 5])
        }
    }

    @Test(arguments: Backend.available)
    func `a token of another search is refused`(on backend: Backend) async throws {
        try await withDatabase(on: backend, migrations: TrackingMigrations.all) { database in
            try await database.write { try insertRuns(.none, in: $0) }
            let first = try await page(of: try runQuery(nil, [], limit: 2), after: nil, in: database)
            let token = try #require(first.next)

            for other in [
                try runQuery("run_id != 'x'", [], limit: 2), try runQuery(nil, ["run_id"], limit: 2),
                try runQuery(nil, [], limit: 2, .deletedOnly),
                try runQuery(nil, [], limit: 2, .activeOnly, [2]),
            ] {
                await #expect {
                    _ = try await page(of: other, after: token, in: database)
                } throws: {
                    ($0 as? Failure)?.message == "Invalid page token, it belongs to another search"
                }
            }
        }
    }

    @Test(
        arguments: [
            ("metrics.acc foo", "Invalid ordering key in order_by clause 'metrics.acc foo'."),
            ("metrics.acc DESC foo", "Invalid order_by clause 'metrics.acc DESC foo'. Could not be parsed."),
            ("", "Invalid order_by clause ''. Could not be parsed."),
            ("metrics.a-b", "Invalid order_by clause 'metrics.a-b'. Could not be parsed."),
            ("'x'", "Invalid order_by clause ''x''. Could not be parsed."),
            ("foo.x", "Invalid entity type 'foo'."),
            ("`run name`", "Invalid attribute key 'run name' specified."),
            ("dataset.name", "Invalid identifier type 'dataset'"),
        ]
    )
    func `refuses orders in MLflow's words`(_ order: String, _ message: String) {
        #expect {
            _ = try RunOrder([order])
        } throws: {
            ($0 as? Failure)?.message.hasPrefix(message) == true
        }
    }

    @Test func `refuses to sort by the same twice`() {
        #expect {
            _ = try RunOrder(["start_time", "Created DESC"])
        } throws: {
            ($0 as? Failure)?.message
                == "`order_by` contains duplicate fields: ['start_time', 'Created DESC']"
        }
    }
}

// MARK: - Runs to search

private struct Sample {
    var id: String
    var key: Int64
    var experiment: Int64 = 1
    var stage = "active"
    var start: Int64
    var end: Int64?
    var status = 3
    var user = "ann"
    /// Nil for none.
    var accuracy: Double?
    var learningRate: String?
    var team: String?
}

/// Five active runs of the first experiment, `a` the oldest; two deleted ones and one of another experiment.
private let samples = [
    Sample(id: "a", key: 1, start: 10, end: 50, accuracy: 0.5, learningRate: "0.1", team: "Red"),
    Sample(id: "b", key: 2, start: 20, end: 100, accuracy: 0.7, learningRate: "0.01", team: "red ones"),
    Sample(id: "c", key: 3, start: 30, status: 1, learningRate: "0.1", team: "a\\b"),
    Sample(id: "d", key: 4, start: 40, status: 4, accuracy: 0.9),
    Sample(id: "e", key: 5, start: 50, status: 5, user: "bob", accuracy: .nan),
    Sample(id: "f", key: 6, stage: "deleted", start: 60, accuracy: 0.6, learningRate: "1"),
    Sample(id: "g", key: 7, stage: "deleted", start: 70, accuracy: 0.5),
    Sample(id: "h", key: 8, experiment: 2, start: 20, end: 70, accuracy: 0.65, learningRate: "0.01"),
]

private let names = ["acc": 1, "lr": 2, "team": 3] as [String: Int64]

private func insertRuns(_ sorted: SortedNames, in connection: any Connection) throws {
    for key in 1...2 {
        try connection.execute(
            """
            INSERT INTO experiments (
                experiment_key, workspace_id, experiment_id, name, artifact_location, lifecycle_stage,
                creation_time, last_update_time)
            VALUES (\(key), 1, \(key), \("experiment \(key)"), '', 'active', 0, 0)
            """
        )
    }
    for (name, id) in names {
        try connection.execute("INSERT INTO names (name_id, name) VALUES (\(id), \(name))")
    }
    for sample in samples { try insert(sample, sorted, in: connection) }
    for (run, dataset, digest, context) in [(1, 1, "1x", "train"), (2, 2, "2x", "test")] {
        try connection.execute(
            """
            INSERT INTO datasets (dataset_key, experiment_key, name, digest, source_type, source)
            VALUES (\(dataset), 1, 'wine', \(digest), 'local', '{}')
            """
        )
        try connection.execute("INSERT INTO run_datasets (run_key, dataset_key) VALUES (\(run), \(dataset))")
        try connection.execute(
            """
            INSERT INTO run_dataset_tags (run_key, dataset_key, key, value)
            VALUES (\(run), \(dataset), 'mlflow.data.context', \(context))
            """
        )
    }
}

private func insert(_ run: Sample, _ sorted: SortedNames, in connection: any Connection) throws {
    let place = sorted == .none ? nil : run.experiment
    try connection.execute(
        """
        INSERT INTO runs (
            run_key, workspace_id, run_uuid, experiment_key, name, user_id, status, start_time, end_time,
            lifecycle_stage, artifact_uri)
        VALUES (\(run.key), 1, \(run.id), \(run.experiment), \("run-" + run.id), \(run.user), \(run.status),
            \(run.start), \(run.end), \(run.stage), \("s3://bucket/" + run.id))
        """
    )
    if let value = run.accuracy {
        try connection.execute(
            """
            INSERT INTO latest_metrics (
                run_key, name_id, step, timestamp, value, is_nan, first_step, first_timestamp, is_ordered,
                stride, sorted_in)
            VALUES (\(run.key), 1, 0, 0, \(value.isNaN ? 0 : value), \(value.isNaN), 0, 0, \(true), 0, \(place))
            """
        )
    }
    for (table, name, value) in [("params", 2, run.learningRate), ("tags", 3, run.team)] {
        guard let value else { continue }
        try connection.execute(
            """
            INSERT INTO \(SQL(trusted: table)) (run_key, name_id, value, sorted_in)
            VALUES (\(run.key), \(name), \(value), \(place))
            """
        )
    }
}

private func runQuery(
    _ filter: String?,
    _ order: [String],
    limit: Int,
    _ view: ViewType = .activeOnly,
    _ experiments: [Int64] = [1],
    sorted: SortedNames = .none
) throws -> RunQuery {
    try RunQuery(
        filter: filter,
        orderBy: order,
        viewType: view,
        workspace: .standard,
        experiments: Dictionary(uniqueKeysWithValues: experiments.map { ($0, sorted) }),
        limit: limit
    )
}

private func page(
    of query: RunQuery,
    after token: String?,
    in database: any Database
) async throws -> SearchPage {
    try await database.read { try query.page(after: token, in: $0) { names[$0] }.page }
}

private struct Search {
    let database: any Database
    let sorted: SortedNames

    /// The ids of all runs found, page after page.
    func callAsFunction(
        _ filter: String?,
        _ order: [String],
        limit: Int,
        _ view: ViewType = .activeOnly,
        _ experiments: [Int64] = [1]
    ) async throws -> [String] {
        let query = try runQuery(filter, order, limit: limit, view, experiments, sorted: sorted)
        var ids: [String] = []
        var token: String?
        repeat {
            let page = try await page(of: query, after: token, in: database)
            #expect(page.keys.count <= limit)
            ids += page.keys.compactMap { key in samples.first { $0.key == key }?.id }
            token = page.next
        } while token != nil
        return ids
    }
}

/// Runs a test without any index of values, and with one of every name.
private func withRuns(on backend: Backend, _ body: (Search) async throws -> Void) async throws {
    for sorted in [SortedNames.none, everyName] {
        try await withDatabase(on: backend, migrations: TrackingMigrations.all) { database in
            try await database.write { try insertRuns(sorted, in: $0) }
            try await body(Search(database: database, sorted: sorted))
        }
    }
}

private let everyName = SortedNames("m1+ p2+ t3+")
