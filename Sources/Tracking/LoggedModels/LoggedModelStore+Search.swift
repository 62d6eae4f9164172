import Core
import Database

/// A search for logged models as it was asked.
package struct LoggedModelSearch: Sendable {
    let experimentIDs: [Int64]
    let filter: String?
    let datasets: [LoggedModelDataset]
    let orderBy: [LoggedModelOrderTerm]
    let limit: Int
    let pageToken: String?

    package init(
        experimentIDs: [Int64],
        filter: String?,
        datasets: [LoggedModelDataset],
        orderBy: [LoggedModelOrderTerm],
        limit: Int,
        pageToken: String?
    ) {
        self.experimentIDs = experimentIDs
        self.filter = filter
        self.datasets = datasets
        self.orderBy = orderBy
        self.limit = limit
        self.pageToken = pageToken
    }
}

extension LoggedModelStore {
    /// One page of the models that a search finds; deleted ones are not among them.
    ///
    /// Experiments that are not there have no models; a search over none finds none.
    ///
    /// - Parameter search: What was asked.
    /// - Returns: The models with everything that is known of them, and the token of the next page.
    /// - Throws: `Failure.invalid` for a wrong filter, order, dataset or token.
    package func search(_ search: LoggedModelSearch) async throws -> (models: [LoggedModel], next: String?) {
        try await database.read { connection in
            let experiments = try connection.rows(
                """
                SELECT experiment_key FROM experiments
                WHERE workspace_id = \(caller.workspace.key) AND experiment_id \(anyOf: search.experimentIDs)
                    \(caller.reaches("experiment_id"))
                """
            ) { $0.int(0) }
            let query = try LoggedModelQuery(
                filter: search.filter,
                datasets: search.datasets,
                orderBy: search.orderBy,
                experiments: experiments,
                limit: search.limit
            )
            let page = try query.page(after: search.pageToken, in: connection) {
                try names.find($0, in: connection)
            }
            let models = try LoggedModelReader(names: names, connection: connection).load(page.keys)
            return (models, page.next)
        }
    }
}
