import Core
import Database

extension RegisteredModelStore {
    /// One page of the models, or of the prompts, that a search finds; by name where it says no order.
    ///
    /// - Parameter search: What was asked.
    /// - Returns: The models, fewer than asked for where they are large, and the token of the next page.
    /// - Throws: `Failure.invalid` for a wrong filter, order or token.
    /// - Source: MLflow 3.17, `SqlAlchemyStore.search_registered_models`.
    package func search(_ search: RegistrySearch) async throws -> (models: [RegisteredModel], next: String?) {
        let query = try RegisteredModelQuery(search, for: caller)
        return try await database.glance(as: search.mark("models", "\(search.limit)")) { connection in
            let (models, next) = try query.page(in: connection, limitBytes: pageBytes)
            return (models, next)
        }
    }
}
