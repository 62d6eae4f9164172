package import Core
package import Database

/// A dataset that the metrics of a logged model search are restricted to.
package struct LoggedModelDataset: Sendable, Hashable {
    package let name: String
    /// Nil for every digest of the name.
    package let digest: String?

    package init(name: String, digest: String?) {
        self.name = name
        self.digest = digest
    }
}

/// A search for logged models: what was asked, read and checked.
package struct LoggedModelQuery: Sendable {
    private let filter: Filter<LoggedModelField>?
    private let datasets: [LoggedModelDataset]
    private static let datasetLimit = 100
    private let order: LoggedModelOrder
    private let experiments: [Int64]
    private let limit: Int
    private let mark: String

    /// - Parameters:
    ///   - filter: MLflow's filter, with OR, NOT and parentheses besides.
    ///   - datasets: If any, comparisons of metrics look at what was measured on one of them; without such comparisons,
    ///     models are found that have any metric on one of them.
    ///   - orderBy: What they leave open is ordered newest first, then by id.
    ///   - experiments: Keys of the experiments whose models are searched; deleted models are never found.
    ///   - limit: The most models on one page, from 1.
    /// - Throws: `Failure.invalid` in MLflow's words.
    package init(
        filter: String?,
        datasets: [LoggedModelDataset],
        orderBy: [LoggedModelOrderTerm],
        experiments: [Int64],
        limit: Int
    ) throws(Failure) {
        precondition(limit > 0)
        guard datasets.count <= Self.datasetLimit else {
            throw .invalid(
                "The `datasets` clause may hold at most \(Self.datasetLimit) datasets, got \(datasets.count)."
            )
        }
        guard datasets.allSatisfy({ !$0.name.isEmpty }) else {
            throw .invalid("`dataset_name` in the `datasets` clause must be specified.")
        }
        self.filter = try LoggedModelFilter.parse(filter)
        self.datasets = datasets
        order = try LoggedModelOrder(orderBy)
        self.experiments = Set(experiments).sorted()
        self.limit = limit
        var mark = Mark()
        mark.add(filter ?? "")
        for dataset in datasets { mark.add("\(dataset)") }
        for term in orderBy { mark.add("\(term)") }
        for experiment in self.experiments { mark.add("\(experiment)") }
        self.mark = mark.text
    }

    /// Answers one page.
    ///
    /// - Parameters:
    ///   - token: The token that came with the page before; nil or empty for the first.
    ///   - connection: A transaction that reads.
    ///   - nameID: The key of a name of a metric, param or tag; nil for one that nothing has.
    /// - Returns: The keys of the models found, in order, and the token of the next page.
    /// - Throws: `Failure.invalid` for a token that does not belong to this search.
    package func page(
        after token: String?,
        in connection: any Connection,
        nameID: (String) throws -> Int64?
    ) throws -> SearchPage {
        let experiment: SQL =
            experiments.count == 1 ? "= \(experiments[0])" : "\(anyOf: experiments)"
        var conditions: [SQL] = ["l.experiment_key \(experiment)", "l.lifecycle_stage = 'active'"]
        let writer = LoggedModelConditions(datasets: datasets)
        if let filter { conditions.append(try filter.sql { try writer.sql(for: $0, nameID: nameID) }) }
        if !datasets.isEmpty, !(filter?.leaves.contains(where: \.field.isMetric) ?? false) {
            conditions.append(writer.anyMetric)
        }
        let query = SortedQuery(
            key: "l.model_key",
            source: "FROM logged_models l",
            conditions: conditions,
            columns: try order.columns(nameID: nameID)
        )
        return try SearchPage(after: token, of: mark, columns: query.columns, limit: limit) { values, limit in
            try query.rows(after: values, limit: limit, in: connection)
        }
    }
}
