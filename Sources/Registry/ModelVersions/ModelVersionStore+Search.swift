import Core
import Database

extension ModelVersionStore {
    /// One page of the versions that a search finds; the last changed first where it says no order.
    ///
    /// - Parameter search: What was asked.
    /// - Returns: The versions without their aliases, and the token of the next page.
    /// - Throws: `Failure.invalid` for a wrong filter, order or token.
    /// - Source: MLflow 3.17, `SqlAlchemyStore.search_model_versions`.
    package func search(_ search: RegistrySearch) async throws -> (versions: [ModelVersion], next: String?) {
        let query = try ModelVersionQuery(search, in: caller.workspace)
        return try await database.read { connection in
            let page = try query.page(in: connection)
            let reader = ModelVersionReader(connection: connection)
            return (try reader.load(page.keys, showsAliases: false), page.next)
        }
    }

    /// More versions than this are not shown beside runs.
    private static let mostOfRuns = 10_000
    /// Each is bound, and SQLite binds 32,766 in a statement.
    private static let runsAtOnce = 10_000

    /// The versions that runs made, the last changed first; prompts, which no run makes, are not among them.
    ///
    /// - Parameter runIDs: The runs.
    /// - Returns: The versions without their aliases.
    /// - Throws: `DatabaseError` where the database fails.
    package func versions(ofRuns runIDs: [String]) async throws -> [ModelVersion] {
        try await database.read { connection in
            var keys: [Int64] = []
            for start in stride(from: 0, to: runIDs.count, by: Self.runsAtOnce) {
                let some = runIDs[start..<min(start + Self.runsAtOnce, runIDs.count)]
                let ids = some.map { "\($0)" as SQL }.joined(separator: ", ")
                keys += try connection.rows(
                    """
                    SELECT v.version_key
                    FROM model_versions v JOIN registered_models m ON m.model_key = v.model_key
                    WHERE m.workspace_id = \(caller.workspace.key) AND v.run_id IN (\(ids))
                    ORDER BY v.last_updated_time DESC, v.version_key DESC
                    LIMIT \(Self.mostOfRuns - keys.count)
                    """
                ) { $0.int(0) }
            }
            return try ModelVersionReader(connection: connection).load(keys, showsAliases: false)
        }
    }
}
