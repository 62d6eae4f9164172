import Core
import Database

/// A search for experiments as it was asked.
package struct ExperimentSearch: Sendable {
    package let filter: String?
    package let orderBy: [String]
    package let viewType: ViewType
    package let limit: Int
    package let pageToken: String?

    package init(filter: String?, orderBy: [String], viewType: ViewType, limit: Int, pageToken: String?) {
        self.filter = filter
        self.orderBy = orderBy
        self.viewType = viewType
        self.limit = limit
        self.pageToken = pageToken
    }
}

extension ExperimentStore {
    /// One page of the experiments that a search finds.
    ///
    /// - Parameter search: What was asked.
    /// - Returns: The experiments with their tags, and the token of the next page.
    /// - Throws: `Failure.invalid` for a wrong filter, order or token.
    package func search(_ search: ExperimentSearch) async throws -> (experiments: [Experiment], next: String?)
    {
        let query = try ExperimentQuery(
            filter: search.filter,
            orderBy: search.orderBy,
            viewType: search.viewType,
            caller: caller,
            limit: search.limit
        )
        return try await tracking.database.read { connection in
            let page = try query.page(after: search.pageToken, in: connection)
            return (try load(page.keys, in: connection), page.next)
        }
    }
}
