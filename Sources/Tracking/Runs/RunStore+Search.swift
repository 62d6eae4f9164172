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
    /// Whether the order may also be `attributes.duration`, which MLflow does not know.
    package let isOfTable: Bool

    package init(
        experimentIDs: [Int64],
        filter: String?,
        orderBy: [String],
        viewType: ViewType,
        limit: Int,
        pageToken: String?,
        isOfTable: Bool = false
    ) {
        self.experimentIDs = experimentIDs
        self.filter = filter
        self.orderBy = orderBy
        self.viewType = viewType
        self.limit = limit
        self.pageToken = pageToken
        self.isOfTable = isOfTable
    }

    /// The same for all pages of a search.
    fileprivate var mark: String {
        var mark = Mark()
        for part in [filter ?? "", "\(viewType.rawValue)", "\(limit)"] + orderBy { mark.add(part) }
        for id in experimentIDs { mark.add("\(id)") }
        return "runs \(mark.text)"
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
        let (runs, next, wishes) = try await database.glance(as: search.mark) { connection in
            let (page, wishes) = try found(by: search, in: connection)
            let runs = try RunReader(names: names, connection: connection).load(page.keys)
            return (runs, page.next, wishes)
        }
        for (experiment, names) in wishes { tracking.sorter.wish(names, of: experiment) }
        return (runs, next)
    }

    /// The names that are worth sorting in an experiment.
    typealias Wish = (experiment: Int64, names: [SortedNames.Name])

    /// The keys of one page of runs, behind so many that are passed over.
    func found(
        by search: RunSearch,
        passing: Int = 0,
        in connection: any Connection
    ) throws -> (page: SearchPage, wishes: [Wish]) {
        let experiments = try connection.rows(
            """
            SELECT e.experiment_key, s.names
            FROM experiments e LEFT JOIN sorted_names s ON s.experiment_key = e.experiment_key
            WHERE e.workspace_id = \(caller.workspace.key) AND e.experiment_id \(anyOf: search.experimentIDs)
                \(caller.reaches("e.experiment_id"))
            """
        ) { ($0.int(0), SortedNames($0.optionalText(1) ?? "")) }
        let query = try RunQuery(
            filter: search.filter,
            orderBy: search.orderBy,
            viewType: search.viewType,
            workspace: caller.workspace,
            experiments: Dictionary(uniqueKeysWithValues: experiments),
            limit: search.limit,
            isOfTable: search.isOfTable
        )
        return try query.page(after: search.pageToken, passing: passing, in: connection) {
            try names.find($0, in: connection)
        }
    }
}
