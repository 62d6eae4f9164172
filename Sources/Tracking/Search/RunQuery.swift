package import Core
internal import Database

/// A search for runs: what was asked, read and checked.
package struct RunQuery: Sendable {
    let filter: Filter<RunField>?
    let order: RunOrder
    let viewType: ViewType
    let workspace: WorkspaceID
    let experiments: [Int64]
    let sortedNames: [Int64: SortedNames]
    let limit: Int
    private let mark: String

    /// - Parameters:
    ///   - filter: MLflow's filter, with OR, NOT and parentheses besides.
    ///   - orderBy: Terms such as `metrics.acc DESC`; what they leave open is ordered newest first, then by id.
    ///   - viewType: Whether active or deleted runs are found.
    ///   - workspace: The workspace that the experiments belong to.
    ///   - experiments: Keys of the experiments whose runs are searched, each with the names that are sorted there.
    ///   - limit: The most runs on one page, from 1.
    ///   - isOfTable: Whether the order may name what only the table of runs is ordered by.
    /// - Throws: `Failure.invalid` in MLflow's words.
    package init(
        filter: String?,
        orderBy: [String],
        viewType: ViewType,
        workspace: WorkspaceID,
        experiments: [Int64: SortedNames],
        limit: Int,
        isOfTable: Bool = false
    ) throws(Failure) {
        precondition(limit > 0)
        self.filter = try RunFilter.parse(filter)
        order = try RunOrder(orderBy, isOfTable: isOfTable)
        self.viewType = viewType
        self.workspace = workspace
        self.experiments = experiments.keys.sorted()
        sortedNames = experiments
        self.limit = limit
        var mark = Mark()
        for part in [filter ?? "", "\(viewType.rawValue)"] + orderBy { mark.add(part) }
        for experiment in self.experiments { mark.add("\(experiment)") }
        self.mark = mark.text
    }

    /// Answers one page.
    ///
    /// - Parameters:
    ///   - token: The token that came with the page before; nil or empty for the first.
    ///   - passing: How many rows behind the token are passed over.
    ///   - connection: A transaction that reads.
    ///   - nameID: The key of a name of a metric, param or tag; nil for one that no run has.
    /// - Returns: The keys of the runs found, in order, and the token of the next page; and the names that are worth
    ///   sorting for searches like this one.
    /// - Throws: `Failure.invalid` for a token that does not belong to this search.
    func page(
        after token: String?,
        passing: Int = 0,
        in connection: any Connection,
        nameID: (String) throws -> Int64?
    ) throws -> (page: SearchPage, wishes: [(experiment: Int64, names: [SortedNames.Name])]) {
        try withoutActuallyEscaping(nameID) { nameID in
            let plan = try RunPlan(self, nameID: nameID)
            let page = try SearchPage(after: token, of: mark, columns: plan.columns, limit: limit) {
                values,
                limit in
                try plan.rows(after: values, limit: limit, passing: passing, in: connection)
            }
            return (page, try plan.wishes(in: connection))
        }
    }
}
