package import Core
package import Database

/// A search for experiments: what was asked, read and checked.
package struct ExperimentQuery: Sendable {
    private let filter: Filter<ExperimentField>?
    private let order: ExperimentOrder
    private let viewType: ViewType
    private let caller: Caller
    private let limit: Int
    private let mark: String

    /// - Parameters:
    ///   - filter: MLflow's filter, with OR, NOT and parentheses besides.
    ///   - orderBy: Terms such as `name DESC`; newest first where there are none.
    ///   - viewType: Whether active or deleted experiments are found.
    ///   - caller: Who searches, and in which workspace.
    ///   - limit: The most experiments on one page, from 1.
    /// - Throws: `Failure.invalid` in MLflow's words.
    package init(
        filter: String?,
        orderBy: [String],
        viewType: ViewType,
        caller: Caller,
        limit: Int
    ) throws(Failure) {
        precondition(limit > 0)
        self.filter = try ExperimentFilter.parse(filter)
        order = try ExperimentOrder(orderBy)
        self.viewType = viewType
        self.caller = caller
        self.limit = limit
        var mark = Mark()
        for part in [filter ?? "", "\(viewType.rawValue)", "\(caller.workspace.key)"] + orderBy {
            mark.add(part)
        }
        self.mark = mark.text
    }

    /// Answers one page.
    ///
    /// - Parameters:
    ///   - token: The token that came with the page before; nil or empty for the first.
    ///   - connection: A transaction that reads.
    /// - Returns: The keys of the experiments found, in order, and the token of the next page.
    /// - Throws: `Failure.invalid` for a token that does not belong to this search.
    package func page(after token: String?, in connection: any Connection) throws -> SearchPage {
        let stages = viewType.stages.map { "\($0.rawValue)" as SQL }.joined(separator: ", ")
        var conditions: [SQL] = [
            "e.workspace_id = \(caller.workspace.key) \(caller.reaches("e.experiment_id"))",
            "e.lifecycle_stage IN (\(stages))",
        ]
        if let filter { conditions.append(filter.sql(\.sql)) }
        let query = SortedQuery(
            key: "e.experiment_key",
            source: "FROM experiments e",
            conditions: conditions,
            columns: order.columns
        )
        return try SearchPage(after: token, of: mark, columns: query.columns, limit: limit) { values, limit in
            try query.rows(after: values, limit: limit, in: connection)
        }
    }
}

extension Condition<ExperimentField> {
    /// The condition on the table `experiments`, called `e`; TRUE or FALSE, never NULL.
    ///
    /// - Source: `_get_search_experiments_filter_clauses` in `mlflow/store/tracking/sqlalchemy_store.py`.
    fileprivate var sql: SQL {
        switch (field, comparison) {
        case (.attribute(.experimentID), .list(let isIn, let ids)):
            return "\(isIn ? "" : "NOT " as SQL)e.experiment_id \(anyOf: ids.compactMap { Int64($0) })"
        case (.attribute(let attribute), _):
            return comparison.condition(on: attribute.column)
        case (.tag(let key), _):
            let row: SQL = """
                SELECT 1 FROM experiment_tags t WHERE t.experiment_key = e.experiment_key AND t.key = \(key)
                """
            return switch comparison {
            case .presence(let isPresent): "\(isPresent ? "" : "NOT " as SQL)EXISTS (\(row))"
            default: "EXISTS (\(row) AND \(comparison.condition(on: "t.value")))"
            }
        }
    }
}

extension ExperimentField.Attribute {
    var column: SQL {
        switch self {
        case .name: "e.name"
        case .experimentID: "e.experiment_id"
        case .creationTime: "e.creation_time"
        case .lastUpdateTime: "e.last_update_time"
        }
    }
}
