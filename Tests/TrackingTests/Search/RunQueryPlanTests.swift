import Core
import Database
import TestSupport
import Testing

@testable import Tracking

/// How SQLite goes about the searches that people wait for; there are no statistics, so the plans are always these.
struct RunQueryPlanTests {
    @Test(
        arguments: [
            // The default order is that of an index.
            (
                nil, [],
                ["SEARCH r USING COVERING INDEX runs_of_experiment (experiment_key=? AND lifecycle_stage=?)"]
            ),
            // So is the order by a sorted metric; only runs with the same value, with NaN or without it are sorted.
            (
                nil, ["metrics.acc DESC"],
                [
                    "SEARCH o0 USING COVERING INDEX sorted_metrics (sorted_in=? AND name_id=? AND is_nan=?)",
                    "SEARCH r USING INTEGER PRIMARY KEY (rowid=?)",
                    "SEARCH o0 USING COVERING INDEX sorted_metrics (sorted_in=? AND name_id=? AND is_nan=?)",
                    "SEARCH r USING INTEGER PRIMARY KEY (rowid=?)",
                    "USE TEMP B-TREE FOR ORDER BY",
                    "SEARCH r USING COVERING INDEX runs_of_experiment (experiment_key=? AND lifecycle_stage=?)",
                    "SEARCH m USING PRIMARY KEY (run_key=? AND name_id=?)",
                ]
            ),
            // And the order by a sorted tag.
            (
                nil, ["tags.team"],
                [
                    "SEARCH o0 USING COVERING INDEX sorted_tags (sorted_in=? AND name_id=?)",
                    "SEARCH r USING INTEGER PRIMARY KEY (rowid=?)",
                    "SEARCH r USING COVERING INDEX runs_of_experiment (experiment_key=? AND lifecycle_stage=?)",
                    "SEARCH m USING PRIMARY KEY (run_key=? AND name_id=?)",
                ]
            ),
            // What is not sorted is looked up for every run.
            (
                nil, ["params.depth"],
                [
                    "SEARCH r USING COVERING INDEX runs_of_experiment (experiment_key=? AND lifecycle_stage=?)",
                    "SEARCH o0 USING PRIMARY KEY (run_key=? AND name_id=?) LEFT-JOIN",
                    "USE TEMP B-TREE FOR ORDER BY",
                    // Is it worth sorting?
                    "SEARCH runs USING COVERING INDEX runs_of_experiment (experiment_key=?)",
                    "SCAN counted",
                ]
            ),
            // Comparisons of a run's own values go by the key of the run.
            (
                "metrics.acc > 0.5 or metrics.acc < 0.1", [],
                [
                    "SEARCH r USING COVERING INDEX runs_of_experiment (experiment_key=? AND lifecycle_stage=?)",
                    "SEARCH m USING PRIMARY KEY (run_key=? AND name_id=?)",
                    "SEARCH m USING PRIMARY KEY (run_key=? AND name_id=?)",
                ]
            ),
            // A value that few runs have leads to them: they are counted, then fetched; other values are compared before.
            (
                "metrics.acc > 0.5 and params.lr = '0.1'", ["tags.team"],
                [
                    "SEARCH d USING COVERING INDEX sorted_metrics (sorted_in=? AND name_id=? AND is_nan=? AND value>?)",
                    "SEARCH d USING COVERING INDEX sorted_metrics (sorted_in=? AND name_id=? AND is_nan=? AND value>?)",
                    "SEARCH c1 USING PRIMARY KEY (run_key=? AND name_id=?)",
                    "SEARCH r USING INTEGER PRIMARY KEY (rowid=?)",
                    "SEARCH o0 USING PRIMARY KEY (run_key=? AND name_id=?) LEFT-JOIN",
                    "USE TEMP B-TREE FOR ORDER BY",
                ]
            ),
            // Where the index has to be read whole, it is read once: the runs found are fetched by their keys.
            (
                "params.lr LIKE '%1'", [],
                [
                    // Is it long? The last of all runs says that it is not.
                    "SCAN runs", "SCAN runs",
                    "SEARCH d USING COVERING INDEX sorted_params (sorted_in=? AND name_id=?)",
                    "SEARCH r USING INTEGER PRIMARY KEY (rowid=?)",
                    "SCAN json_each VIRTUAL TABLE INDEX 1:",
                    "USE TEMP B-TREE FOR ORDER BY",
                ]
            ),
            // Ids are looked up, whatever the order.
            (
                "run_id IN ('a', 'b')", ["metrics.acc"],
                [
                    "SEARCH r USING INDEX sqlite_autoindex_runs_1 (workspace_id=? AND run_uuid=?)",
                    "SEARCH o0 USING PRIMARY KEY (run_key=? AND name_id=?) LEFT-JOIN",
                    "USE TEMP B-TREE FOR ORDER BY",
                ]
            ),
        ] as [(String?, [String], [String])]
    )
    func `searches go by the index that fits`(
        _ filter: String?,
        _ order: [String],
        _ plan: [String]
    ) async throws {
        try await withDatabase(on: .sqlite, migrations: TrackingMigrations.all) { database in
            let query = try RunQuery(
                filter: filter,
                orderBy: order,
                viewType: .activeOnly,
                workspace: .standard,
                experiments: [1: SortedNames("m1+ p2+ t3+")],
                limit: 10
            )

            let steps = try await database.read { connection in
                let recorder = Recorder(connection)
                _ = try query.page(after: nil, in: recorder) {
                    ["acc": 1, "lr": 2, "team": 3, "depth": 4][$0]
                }
                return try recorder.queries.flatMap { query in
                    try connection.rows("EXPLAIN QUERY PLAN \(query)") { $0.text(3) }
                }
            }

            // Other steps are worded differently from version to version.
            let telling = ["SEARCH ", "SCAN ", "USE TEMP B-TREE FOR ORDER BY"]
            #expect(steps.filter { step in telling.contains { step.hasPrefix($0) } } == plan)
        }
    }
}
