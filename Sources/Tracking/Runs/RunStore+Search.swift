import Core
import Database

/// A search for runs as it was asked.
package struct RunSearch: Sendable {
    package let experimentIDs: [Int64]
    package let filter: String?
    package let orderBy: [String]
    package let viewType: ViewType
    package let limit: Int
    package let pageToken: String?

    package init(
        experimentIDs: [Int64],
        filter: String?,
        orderBy: [String],
        viewType: ViewType,
        limit: Int,
        pageToken: String?
    ) {
        self.experimentIDs = experimentIDs
        self.filter = filter
        self.orderBy = orderBy
        self.viewType = viewType
        self.limit = limit
        self.pageToken = pageToken
    }
}

extension RunStore {
    /// One page of the runs that a search finds.
    ///
    /// Experiments that are not there have no runs; a search over none finds none.
    ///
    /// - Parameter search: What was asked.
    /// - Returns: The runs with everything but their model inputs, and the token of the next page.
    /// - Throws: `Failure.invalid` for a wrong filter, order or token.
    package func search(_ search: RunSearch) async throws -> (runs: [Run], next: String?) {
        try await database.read { connection in
            let experiments = try connection.rows(
                """
                SELECT experiment_key FROM experiments
                WHERE workspace_id = \(caller.workspace.key) AND experiment_id \(anyOf: search.experimentIDs)
                """
            ) { $0.int(0) }
            let query = try RunQuery(
                filter: search.filter,
                orderBy: search.orderBy,
                viewType: search.viewType,
                workspace: caller.workspace,
                experiments: experiments,
                limit: search.limit
            )
            let page = try query.page(after: search.pageToken, in: connection) {
                try names.find($0, in: connection)
            }
            return (try RunReader(names: names, connection: connection).load(page.keys), page.next)
        }
    }
}
