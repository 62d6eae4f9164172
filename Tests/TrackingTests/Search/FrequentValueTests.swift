import Core
import Database
import TestSupport
import Testing

@testable import Tracking

/// Patterns among so many runs that the newest are looked at first.
struct FrequentValueTests {
    private static let runs = 20_100

    /// One value in ten, which a walk soon fills a page with; and one in ten thousand, which only the index finds quickly.
    @Test(arguments: Backend.available, [("%7", true), ("run 0000%", false)])
    func `a pattern finds the same runs by a walk and by the index`(
        on backend: Backend,
        _ search: (pattern: String, walks: Bool)
    ) async throws {
        try await withDatabase(on: backend, migrations: TrackingMigrations.all) { database in
            try await fill(database)
            let query = try RunQuery(
                filter: "params.lr LIKE '\(search.pattern)'",
                orderBy: [],
                viewType: .activeOnly,
                workspace: .standard,
                experiments: [1: SortedNames("p2+")],
                limit: 900
            )

            let (found, walked) = try await database.read { connection in
                let recorder = Recorder(connection)
                var found: [Int64] = []
                var token: String?
                repeat {
                    let page = try query.page(after: token, in: recorder) { _ in 2 }.page
                    found += page.keys
                    token = page.next
                } while token != nil
                let last = try #require(recorder.queries.last)
                return (found, !last.rendered(for: .sqlite).text.contains("r.run_key IN"))
            }

            let all = (0..<Self.runs).filter {
                search.walks ? $0 % 10 == 7 : String($0 + 100_000).hasPrefix("10000")
            }
            #expect(found == all.reversed().map { Int64($0 + 1) })
            #expect(walked == search.walks)
        }
    }

    private func fill(_ database: any Database) async throws {
        try await database.write { connection in
            try connection.execute(
                """
                INSERT INTO experiments (
                    experiment_key, workspace_id, experiment_id, name, artifact_location, lifecycle_stage,
                    creation_time, last_update_time
                ) VALUES (1, 1, 0, 'Default', 'mlflow-artifacts:/0', 'active', 0, 0)
                """
            )
            for start in stride(from: 0, to: Self.runs, by: 1_000) {
                let numbers = start..<min(start + 1_000, Self.runs)
                try connection.insert(
                    into: "runs",
                    [
                        "run_key", "workspace_id", "run_uuid", "experiment_key", "name", "user_id", "status",
                        "start_time", "lifecycle_stage", "artifact_uri",
                    ],
                    values: numbers.flatMap { number -> [Value] in
                        [
                            .integer(Int64(number + 1)), .integer(1), .text("\(number)"), .integer(1),
                            .text("run"), .text("ann"), .integer(3), .integer(Int64(number)), .text("active"),
                            .text("mlflow-artifacts:/0"),
                        ]
                    },
                    ""
                )
                try connection.insert(
                    into: "params",
                    ["run_key", "name_id", "value", "sorted_in"],
                    values: numbers.flatMap { number -> [Value] in
                        [
                            .integer(Int64(number + 1)), .integer(2),
                            .text("run \(String(number + 100_000).dropFirst())"), .integer(1),
                        ]
                    },
                    ""
                )
            }
        }
    }
}
