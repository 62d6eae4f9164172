import Core
import Database
import TestSupport
import Testing

@testable import Tracking

/// The answers are those of MLflow 3.17.2 where it knows the filter.
struct LoggedModelQueryTests {
    @Test(
        arguments: Backend.available,
        [
            (nil, "dcba"),
            ("name = 'net'", "ba"),
            ("attributes.name LIKE 'N%'", "c"),
            ("name ILIKE 'n%'", "cba"),
            ("model_id IN ('a', 'd')", "da"),
            ("model_type = 'keras'", "a"),
            ("model_type != 'keras'", "b"),
            ("status = 'READY'", "db"),
            ("status = '2'", "db"),
            ("status != 2", "ca"),
            ("status IN ('1', 'FAILED')", "ca"),
            ("experiment_id = '7'", "dcba"),
            ("experiment_id LIKE '8%'", ""),
            ("creation_time > 20", "dc"),
            ("last_updated_timestamp <= 20", "ba"),
            // Any value that was logged.
            ("metrics.acc > 0.85", "ba"),
            ("metrics.acc < 0.2", "a"),
            ("metrics.acc != 0.9", "cba"),
            ("metrics.unknown > 0", ""),
            ("params.lr = 0.1", "a"),
            ("params.lr IN ('0.1', '0.2')", "ba"),
            ("tags.stage != 'prod'", "b"),
            ("tags.stage = 'prod' AND metrics.acc > 0.85", "a"),
            // Beyond MLflow.
            ("tags.stage = 'prod' OR name = 'Nets'", "ca"),
            ("NOT metrics.acc > 0.85", "dc"),
        ] as [(String?, String)]
    )
    func `finds the models that a filter means`(
        on backend: Backend,
        _ filter: (text: String?, ids: String)
    ) async throws {
        try await withModels(on: backend) { search in
            try await search.expect(filter.text, limit: 100, finds: filter.ids)
        }
    }

    @Test(
        arguments: Backend.available,
        [
            (nil, [LoggedModelDataset(name: "wine", digest: nil)], "ba"),
            (nil, [LoggedModelDataset(name: "wine", digest: "2")], "b"),
            (
                nil,
                [
                    LoggedModelDataset(name: "wine", digest: "2"),
                    LoggedModelDataset(name: "wine", digest: "1"),
                ], "ba"
            ),
            ("metrics.acc > 0.85", [LoggedModelDataset(name: "wine", digest: nil)], "b"),
            ("tags.stage = 'prod'", [LoggedModelDataset(name: "beer", digest: nil)], ""),
        ] as [(String?, [LoggedModelDataset], String)]
    )
    func `looks at metrics on the asked datasets`(
        on backend: Backend,
        _ asked: (filter: String?, datasets: [LoggedModelDataset], ids: String)
    ) async throws {
        try await withModels(on: backend) { search in
            try await search.expect(asked.filter, asked.datasets, limit: 100, finds: asked.ids)
        }
    }

    @Test(
        arguments: Backend.available,
        [
            ([LoggedModelOrderTerm(field: "name")], "cdba"),
            ([LoggedModelOrderTerm(field: "creation_timestamp")], "abcd"),
            ([LoggedModelOrderTerm(field: "model_type", isAscending: false)], "badc"),
            ([LoggedModelOrderTerm(field: "status"), LoggedModelOrderTerm(field: "model_id")], "abdc"),
            ([LoggedModelOrderTerm(field: "experiment_id")], "dcba"),
            // By the newest value; NaN and none last.
            ([LoggedModelOrderTerm(field: "metrics.acc")], "abdc"),
            ([LoggedModelOrderTerm(field: "metrics.acc", isAscending: false)], "badc"),
            ([LoggedModelOrderTerm(field: "metrics.acc", isAscending: false, datasetName: "wine")], "badc"),
            (
                [LoggedModelOrderTerm(field: "metrics.acc", datasetName: "wine", datasetDigest: "2")], "bdca"
            ),
            ([LoggedModelOrderTerm(field: "metrics.unknown")], "dcba"),
        ] as [([LoggedModelOrderTerm], String)]
    )
    func `sorts, pages of any size are the whole`(
        on backend: Backend,
        _ order: (terms: [LoggedModelOrderTerm], ids: String)
    ) async throws {
        try await withModels(on: backend) { search in
            try await search.expect(nil, order: order.terms, limit: 100, finds: order.ids)
            try await search.expect(nil, order: order.terms, limit: 1, finds: order.ids)
        }
    }

    @Test(
        arguments: [
            ("foo", "Invalid order by field name: foo"),
            ("params.a", "Invalid order by field name: params.a. Only metrics are supported."),
        ]
    )
    func `refuses orders in MLflow's words`(_ field: String, _ message: String) {
        #expect {
            _ = try LoggedModelOrder([LoggedModelOrderTerm(field: field)])
        } throws: {
            ($0 as? Failure)?.message == message
        }
    }

    @Test func `a dataset needs a name`() {
        #expect {
            _ = try LoggedModelQuery(
                filter: nil,
                datasets: [LoggedModelDataset(name: "", digest: "1")],
                orderBy: [],
                experiments: [1],
                limit: 1
            )
        } throws: {
            ($0 as? Failure)?.message == "`dataset_name` in the `datasets` clause must be specified."
        }
    }
}

private let names = ["acc": 1, "lr": 2, "stage": 3] as [String: Int64]

private struct Search {
    let database: any Database

    /// Expects the ids of all models found, page after page.
    func expect(
        _ filter: String?,
        _ datasets: [LoggedModelDataset] = [],
        order: [LoggedModelOrderTerm] = [],
        limit: Int,
        finds expected: String
    ) async throws {
        let found = try await ids(filter, datasets, order: order, limit: limit)
        #expect(found == expected)
    }

    private func ids(
        _ filter: String?,
        _ datasets: [LoggedModelDataset] = [],
        order: [LoggedModelOrderTerm] = [],
        limit: Int
    ) async throws -> String {
        let query = try LoggedModelQuery(
            filter: filter,
            datasets: datasets,
            orderBy: order,
            experiments: [1],
            limit: limit
        )
        var ids = ""
        var token: String?
        repeat {
            let page = try await database.read { [token] connection in
                try query.page(after: token, in: connection) { names[$0] }
            }
            #expect(page.keys.count <= limit)
            ids += page.keys.map { ["", "a", "b", "c", "d", "e"][Int($0)] }.joined()
            token = page.next
        } while token != nil
        return ids
    }
}

/// Models `a` to `d`, the oldest first; `e` is deleted.
private func withModels(on backend: Backend, _ body: (Search) async throws -> Void) async throws {
    try await withDatabase(on: backend, migrations: TrackingMigrations.all) { database in
        try await database.write { try insertModels(in: $0) }
        try await body(Search(database: database))
    }
}

private func insertModels(in connection: any Connection) throws {
    try connection.execute(
        """
        INSERT INTO experiments (
            experiment_key, workspace_id, experiment_id, name, artifact_location, lifecycle_stage, creation_time,
            last_update_time)
        VALUES (1, 1, 7, 'iris', '', 'active', 0, 0)
        """
    )
    let models: [(String, String, Int, String?)] = [
        ("a", "net", 1, "keras"), ("b", "net", 2, "torch"), ("c", "Nets", 3, nil), ("d", "forest", 2, nil),
        ("e", "net", 2, nil),
    ]
    for (index, model) in models.enumerated() {
        let (id, name, status, type) = model
        try connection.execute(
            """
            INSERT INTO logged_models (
                model_key, workspace_id, model_id, experiment_key, name, artifact_location, creation_timestamp_ms,
                last_updated_timestamp_ms, status, lifecycle_stage, model_type)
            VALUES (\(index + 1), 1, \(id), 1, \(name), '', \(index * 10 + 10), \(index * 10 + 10), \(status),
                \(id == "e" ? "deleted" : "active"), \(type))
            """
        )
    }
    for (name, id) in names {
        try connection.execute("INSERT INTO names (name_id, name) VALUES (\(id), \(name))")
    }
    let metrics: [(Int, Int, Int, Double, String?, String?)] = [
        (1, 1, 0, 0.9, nil, nil), (1, 2, 0, 0.1, "wine", "1"), (2, 1, 5, 0.95, "wine", "2"),
        (3, 1, 0, .nan, nil, nil),
    ]
    for (model, time, step, value, dataset, digest) in metrics {
        try connection.execute(
            """
            INSERT INTO logged_model_metrics (
                model_key, name_id, step, timestamp, value, is_nan, run_id, dataset_name, dataset_digest)
            VALUES (\(model), 1, \(step), \(time), \(value.isNaN ? 0 : value), \(value.isNaN), 'r', \(dataset),
                \(digest))
            """
        )
    }
    for (table, model, name, value) in [
        ("logged_model_params", 1, 2, "0.1"), ("logged_model_params", 2, 2, "0.2"),
        ("logged_model_tags", 1, 3, "prod"), ("logged_model_tags", 2, 3, "test"),
    ] {
        try connection.execute(
            "INSERT INTO \(SQL(trusted: table)) (model_key, name_id, value) VALUES (\(model), \(name), \(value))"
        )
    }
}
