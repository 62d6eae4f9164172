import Core
import Database

extension ModelVersionStore {
    /// One page of the versions that a search finds; the last changed first where it says no order.
    ///
    /// - Parameter search: What was asked.
    /// - Returns: The versions without their aliases, fewer than asked for where they are large, and the token of the next page.
    /// - Throws: `Failure.invalid` for a wrong filter, order or token.
    /// - Source: MLflow 3.17, `SqlAlchemyStore.search_model_versions`.
    package func search(_ search: RegistrySearch) async throws -> (versions: [ModelVersion], next: String?) {
        let query = try ModelVersionQuery(search, for: caller)
        return try await database.glance(as: search.mark("versions", "\(search.limit)")) { connection in
            let (versions, next) = try query.page(in: connection, limitBytes: pageBytes)
            return (versions, next)
        }
    }

    /// More versions than this are not shown beside runs.
    private static let mostOfRuns = 10_000

    /// The versions that runs made, the last changed first; prompts are not among them, whatever run they name.
    ///
    /// - Parameter runIDs: The runs.
    /// - Returns: The versions without their aliases.
    /// - Throws: `DatabaseError` where the database fails.
    package func versions(ofRuns runIDs: [String]) async throws -> [ModelVersion] {
        try await database.read { connection in
            let keys = try connection.rows(
                """
                SELECT v.version_key
                FROM model_versions v JOIN registered_models m ON m.model_key = v.model_key
                WHERE m.workspace_id = \(caller.workspace.key) AND v.run_id \(anyOf: runIDs) \(caller.reaches("m.name"))
                    AND \(ModelVersionQuery.isOfNoPrompt)
                ORDER BY v.last_updated_time DESC, v.version_key DESC
                LIMIT \(Self.mostOfRuns)
                """
            ) { $0.int(0) }
            return try ModelVersionReader(connection: connection).load(keys)
        }
    }
}
