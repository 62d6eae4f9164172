import Core
import Database
import TestSupport
import Testing

@testable import Tracking

/// The answers are those of MLflow 3.17.2 where it knows the filter.
struct ExperimentQueryTests {
    @Test(
        arguments: Backend.available,
        [
            (nil, "43210"),
            ("name = 'iris'", "1"),
            ("name != 'iris'", "4320"),
            ("name LIKE 'i%'", "21"),
            ("name ilike 'i%'", "321"),
            ("attribute.experiment_id IN ('1', '03', '99')", "31"),
            ("experiment_id = '2'", "2"),
            ("experiment_id != '2'", "4310"),
            ("experiment_id NOT IN ('1','2','3')", "40"),
            ("creation_time >= 20 and creation_time < 40", "32"),
            ("last_update_time = 500", "0"),
            ("tags.team = 'red'", "21"),
            ("tag.team != 'red'", "3"),
            ("tags.team IS NULL", "40"),
            ("tags.team IS NOT NULL AND name LIKE 'I%'", "3"),
            ("tags.unknown = 'x'", ""),
            // Beyond MLflow.
            ("tags.team = 'red' or name = 'Default'", "210"),
            ("not tags.team = 'red'", "430"),
        ] as [(String?, String)]
    )
    func `finds the experiments that a filter means`(
        on backend: Backend,
        _ filter: (text: String?, ids: String)
    ) async throws {
        try await withExperiments(on: backend) { search in
            try await search.expect(filter.text, [], limit: 100, finds: filter.ids)
        }
    }

    @Test(
        arguments: Backend.available,
        [
            (["name"], "03124"), (["name DESC"], "42130"), (["experiment_id ASC"], "01234"),
            (["last_update_time DESC"], "04321"), (["creation_time", "name"], "01234"),
        ] as [([String], String)]
    )
    func `sorts, pages of any size are the whole`(
        on backend: Backend,
        _ order: (terms: [String], ids: String)
    ) async throws {
        try await withExperiments(on: backend) { search in
            try await search.expect(nil, order.terms, limit: 100, finds: order.ids)
            try await search.expect(nil, order.terms, limit: 2, finds: order.ids)
        }
    }

    @Test(arguments: Backend.available)
    func `looks at the asked stages of one workspace`(on backend: Backend) async throws {
        try await withExperiments(on: backend) { search in
            try await search.expect(nil, ["experiment_id ASC"], limit: 3, .deletedOnly, finds: "5")
            try await search.expect(nil, ["experiment_id ASC"], limit: 3, .all, finds: "012345")
        }
    }

    @Test(
        arguments: [
            ("tags.a", "Invalid order_by entity: tag"),
            ("run_id", "Invalid attribute key 'run_id' specified."),
            ("name foo", "Invalid ordering key in order_by clause 'name foo'."),
        ]
    )
    func `refuses orders in MLflow's words`(_ order: String, _ message: String) {
        #expect {
            _ = try ExperimentOrder([order])
        } throws: {
            ($0 as? Failure)?.message.hasPrefix(message) == true
        }
    }
}

private struct Search {
    let database: any Database

    /// Expects the ids of all experiments found, page after page.
    func expect(
        _ filter: String?,
        _ order: [String],
        limit: Int,
        _ view: ViewType = .activeOnly,
        finds expected: String
    ) async throws {
        let found = try await ids(filter, order, limit: limit, view)
        #expect(found == expected)
    }

    private func ids(
        _ filter: String?,
        _ order: [String],
        limit: Int,
        _ view: ViewType
    ) async throws -> String {
        let query = try ExperimentQuery(
            filter: filter,
            orderBy: order,
            viewType: view,
            caller: ann,
            limit: limit
        )
        var ids = ""
        var token: String?
        repeat {
            let page = try await database.read { [token] in try query.page(after: token, in: $0) }
            #expect(page.keys.count <= limit)
            // Keys of the experiments of the standard workspace are their ids and one.
            ids += page.keys.map { "\($0 - 1)" }.joined()
            token = page.next
        } while token != nil
        return ids
    }
}

private func withExperiments(on backend: Backend, _ body: (Search) async throws -> Void) async throws {
    try await withDatabase(on: backend, migrations: TrackingMigrations.all) { database in
        try await database.write { connection in
            let names = ["Default", "iris", "ising", "Ivy", "zoo", "old"]
            for (id, name) in names.enumerated() {
                try connection.execute(
                    """
                    INSERT INTO experiments (
                        experiment_key, workspace_id, experiment_id, name, artifact_location, lifecycle_stage,
                        creation_time, last_update_time)
                    VALUES (\(id + 1), 1, \(id), \(name), '', \(name == "old" ? "deleted" : "active"), \(id * 10),
                        \(id == 0 ? 500 : id))
                    """
                )
            }
            try connection.execute(
                "INSERT INTO workspaces (workspace_id, name, next_experiment_id) VALUES (2, 'other', 1)"
            )
            try connection.execute(
                """
                INSERT INTO experiments (
                    experiment_key, workspace_id, experiment_id, name, artifact_location, lifecycle_stage,
                    creation_time, last_update_time)
                VALUES (9, 2, 1, 'iris', '', 'active', 5, 5)
                """
            )
            for (key, team) in [(2, "red"), (3, "red"), (4, "blue")] {
                try connection.execute(
                    "INSERT INTO experiment_tags (experiment_key, key, value) VALUES (\(key), 'team', \(team))"
                )
            }
        }
        try await body(Search(database: database))
    }
}
