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
            let page = try query.page(in: connection)
            let models = try load(page, in: connection)
            return (models, page.next(after: models.count))
        }
    }

    /// Each with up to four versions, whose tags may be long.
    private static let modelsAtOnce = 100

    private func load(_ page: SearchPage, in connection: any Connection) throws -> [RegisteredModel] {
        let reader = RegisteredModelReader(connection: connection)
        var (models, sizeBytes): ([RegisteredModel], Int) = ([], 0)
        for start in stride(from: 0, to: page.keys.count, by: Self.modelsAtOnce) {
            let keys = page.keys[start..<min(start + Self.modelsAtOnce, page.keys.count)]
            for model in try reader.load(Array(keys)) {
                models.append(model)
                sizeBytes += model.textBytes
                if sizeBytes >= pageBytes { return models }
            }
        }
        return models
    }
}
