import Core
import Database

extension RegisteredModelStore {
    /// One page of the models, or of the prompts, that a search finds; by name where it says no order.
    ///
    /// - Parameter search: What was asked.
    /// - Returns: The models, and the token of the next page.
    /// - Throws: `Failure.invalid` for a wrong filter, order or token.
    /// - Source: MLflow 3.17, `SqlAlchemyStore.search_registered_models`.
    package func search(_ search: RegistrySearch) async throws -> (models: [RegisteredModel], next: String?) {
        let query = try RegisteredModelQuery(search, in: caller.workspace)
        return try await database.read { connection in
            let page = try query.page(in: connection)
            return (try RegisteredModelReader(connection: connection).load(page.keys), page.next)
        }
    }
}
