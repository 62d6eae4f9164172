import Core
import Database
import Events
import TestSupport
import Testing
import Webhooks

@testable import Registry

/// How SQLite goes about searches for versions; there are no statistics, so the plans are always these.
@Suite struct ModelVersionQueryPlanTests {
    @Test(
        arguments: [
            (nil, "SEARCH v USING INDEX latest_model_versions (workspace_id=?)"),
            ("name = 'iris'", "SEARCH v USING INDEX sqlite_autoindex_model_versions_1 (model_key=?)"),
            ("name IN ('a', 'b')", "SEARCH v USING INDEX sqlite_autoindex_model_versions_1 (model_key=?)"),
            ("run_id = 'r' AND version_number > 1", "SEARCH v USING INDEX model_versions_of_run (run_id=?)"),
        ] as [(String?, String)]
    )
    func `searches go by the index that fits`(_ filter: String?, _ step: String) async throws {
        let migrations = EventMigrations.all + RegistryMigrations.all + WebhookMigrations.all
        try await withDatabase(on: .sqlite, migrations: migrations) { database in
            let search = RegistrySearch(filter: filter, orderBy: [], limit: 10, pageToken: nil)
            let query = try ModelVersionQuery(search, for: ann).sorted

            let steps = try await database.read { connection in
                try connection.rows("EXPLAIN QUERY PLAN \(query.sql(after: nil, limit: 10))") { $0.text(3) }
            }

            #expect(steps.contains(step), "\(steps)")
        }
    }
}
