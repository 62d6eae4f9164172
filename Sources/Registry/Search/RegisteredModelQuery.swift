import Core
import Database

/// A search for registered models: what was asked, read and checked.
struct RegisteredModelQuery {
    private let search: RegistrySearch
    private let caller: Caller
    private let filter: Filter<RegisteredModelField>?
    private let columns: [SortColumn]

    /// - Throws: `Failure.invalid` in MLflow's words for a wrong filter or order.
    init(_ search: RegistrySearch, for caller: Caller) throws(Failure) {
        self.search = search
        self.caller = caller
        filter = try RegisteredModelFilter.parse(search.filter)
        columns = try Self.columns(search.orderBy)
    }

    /// - Throws: `Failure.invalid` for a token that does not belong to this search.
    func page(in connection: any Connection) throws -> SearchPage {
        var conditions: [SQL] = ["m.workspace_id = \(caller.workspace.key) \(caller.reaches("m.name"))"]
        let rule = PromptRule(filter) { if case .tag(let key) = $0 { key } else { nil } }
        if let filter { conditions.append(filter.sql { $0.sql(rule) }) }
        if rule == .models {
            conditions.append(
                """
                m.model_key NOT IN (
                    SELECT model_key FROM registered_model_tags WHERE key = 'mlflow.prompt.is_prompt' AND value = 'true'
                )
                """
            )
        }
        let query = SortedQuery(
            key: "m.model_key",
            source: "FROM registered_models m",
            conditions: conditions,
            columns: columns
        )
        return try SearchPage(
            after: search.pageToken,
            of: search.mark("models", "\(caller.workspace.key)"),
            columns: columns,
            limit: search.limit
        ) { values, limit in try query.rows(after: values, limit: limit, in: connection) }
    }

    /// - Source: MLflow 3.17, `_parse_search_registered_models_order_by`.
    private static func columns(_ texts: [String]) throws(Failure) -> [SortColumn] {
        try OrderClause.checkCount(texts.count)
        var columns: [(name: String, column: SortColumn)] = []
        for text in texts {
            let clause = try OrderClause(text)
            let (entity, key) = clause.source.name(clause.name)
            let name = key == "timestamp" ? "last_updated_timestamp" : key
            guard entity == nil, ["name", "last_updated_timestamp"].contains(name) else {
                throw .invalid(
                    "Invalid order by key '\(clause.source.text[clause.name.span])' specified. Valid keys are "
                        + "'\(pythonSet(["name", "timestamp"]))'"
                )
            }
            guard !columns.contains(where: { $0.name == name }) else { throw OrderClause.duplicates(texts) }
            let column =
                name == "name"
                ? SortColumn("m.name", .text, isAscending: clause.isAscending)
                : SortColumn("m.last_updated_time", .integer, isAscending: clause.isAscending)
            columns.append((name, column))
        }
        if !columns.contains(where: { $0.name == "name" }) {
            columns.append(("name", SortColumn("m.name", .text)))
        }
        return columns.map(\.column)
    }
}

extension Condition<RegisteredModelField> {
    /// The condition on the table `registered_models`, called `m`; TRUE or FALSE, never NULL.
    fileprivate func sql(_ rule: PromptRule) -> SQL {
        switch field {
        case .name:
            comparison.condition(on: "m.name")
        case .tag(Prompt.markKey) where rule == .models:
            "TRUE"
        case .tag(let key):
            """
            EXISTS (
                SELECT 1 FROM registered_model_tags t
                WHERE t.model_key = m.model_key AND t.key = \(key) AND \(comparison.condition(on: "t.value"))
            )
            """
        }
    }
}
