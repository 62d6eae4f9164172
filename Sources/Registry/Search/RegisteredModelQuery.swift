import Core
import Database

/// A search for registered models: what was asked, read and checked.
struct RegisteredModelQuery {
    private let search: RegistrySearch
    private let caller: Caller
    private let filter: Filter<RegisteredModelField>?
    private let order: [(key: Key, isAscending: Bool)]

    /// - Throws: `Failure.invalid` in MLflow's words for a wrong filter or order.
    init(_ search: RegistrySearch, for caller: Caller) throws(Failure) {
        self.search = search
        self.caller = caller
        filter = try RegisteredModelFilter.parse(search.filter)
        order = try Self.order(search.orderBy)
    }

    /// - Parameters:
    ///   - connection: Where.
    ///   - limitBytes: About how large the page may become.
    /// - Returns: The models, and the token of the next page.
    /// - Throws: `Failure.invalid` for a token that does not belong to this search.
    func page(in connection: any Connection, limitBytes: Int) throws -> ([RegisteredModel], next: String?) {
        let page = ModelPage(RegisteredModelReader(connection: connection), by: order, limitBytes: limitBytes)
        let next = try sorted.read(
            page,
            after: search.pageToken,
            of: search.mark("models", "\(caller.workspace.key)"),
            limit: search.limit,
            in: connection
        )
        return (page.elements, next)
    }

    private var sorted: SortedQuery {
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
        return SortedQuery(
            key: "m.model_key",
            source: "FROM registered_models m",
            conditions: conditions,
            columns: order.map { $0.key.column(isAscending: $0.isAscending) }
        )
    }

    /// What models are ordered by; the raw value is MLflow's word.
    enum Key: String {
        case name
        case lastUpdateTime = "last_updated_timestamp"

        func column(isAscending: Bool) -> SortColumn {
            switch self {
            case .name: SortColumn("m.name", .text, isAscending: isAscending)
            case .lastUpdateTime: SortColumn("m.last_updated_time", .integer, isAscending: isAscending)
            }
        }

        func value(of model: RegisteredModel) -> Value {
            switch self {
            case .name: .text(model.name)
            case .lastUpdateTime: .integer(model.lastUpdateTime)
            }
        }
    }

    /// - Source: MLflow 3.17, `_parse_search_registered_models_order_by`.
    private static func order(_ texts: [String]) throws(Failure) -> [(key: Key, isAscending: Bool)] {
        try OrderClause.checkCount(texts.count)
        var terms: [(key: Key, isAscending: Bool)] = []
        for text in texts {
            let clause = try OrderClause(text)
            let (entity, word) = clause.source.name(clause.name)
            guard entity == nil, let key = word == "timestamp" ? .lastUpdateTime : Key(rawValue: word) else {
                throw .invalid(
                    "Invalid order by key '\(clause.source.text[clause.name.span])' specified. Valid keys are "
                        + "'\(pythonSet(["name", "timestamp"]))'"
                )
            }
            guard !terms.contains(where: { $0.key == key }) else { throw OrderClause.duplicates(texts) }
            terms.append((key, clause.isAscending))
        }
        if !terms.contains(where: { $0.key == .name }) { terms.append((.name, true)) }
        return terms
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
