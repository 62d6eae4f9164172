import Core
import Database

/// A search for versions: what was asked, read and checked.
struct ModelVersionQuery {
    private let search: RegistrySearch
    private let caller: Caller
    private let filter: Filter<ModelVersionField>?
    private let order: [(key: Key, isAscending: Bool)]

    /// - Throws: `Failure.invalid` in MLflow's words for a wrong filter or order.
    init(_ search: RegistrySearch, for caller: Caller) throws(Failure) {
        self.search = search
        self.caller = caller
        filter = try ModelVersionFilter.parse(search.filter)
        order = try Self.order(search.orderBy)
    }

    /// - Parameters:
    ///   - connection: Where.
    ///   - limitBytes: About how large the page may become.
    /// - Returns: The versions, and the token of the next page.
    /// - Throws: `Failure.invalid` for a token that does not belong to this search.
    func page(in connection: any Connection, limitBytes: Int) throws -> ([ModelVersion], next: String?) {
        let page = VersionPage(ModelVersionReader(connection: connection), by: order, limitBytes: limitBytes)
        let next = try sorted.read(
            page,
            after: search.pageToken,
            of: search.mark("versions", "\(caller.workspace.key)"),
            limit: search.limit,
            in: connection
        )
        return (page.elements, next)
    }

    var sorted: SortedQuery {
        var conditions: [SQL] = ["m.workspace_id = \(caller.workspace.key) \(caller.reaches("m.name"))"]
        // Where models or runs are named, their indexes are better than the one of the whole workspace.
        if filter?.namesModelsOrRuns != true { conditions.append("v.workspace_id = \(caller.workspace.key)") }
        let rule = PromptRule(filter) { if case .tag(let key) = $0 { key } else { nil } }
        if let filter { conditions.append(filter.sql { $0.sql(rule) }) }
        if rule == .models { conditions.append(Self.isOfNoPrompt) }
        return SortedQuery(
            key: "v.version_key",
            source: "FROM model_versions v JOIN registered_models m ON m.model_key = v.model_key",
            conditions: conditions,
            columns: order.map { $0.key.column(isAscending: $0.isAscending) }
        )
    }

    /// Whether no version of the model of a version, called `v`, has the mark of a prompt.
    static let isOfNoPrompt: SQL = """
        v.model_key NOT IN (
            SELECT p.model_key
            FROM model_version_tags t JOIN model_versions p ON p.version_key = t.version_key
            WHERE t.key = 'mlflow.prompt.is_prompt' AND t.value = 'true'
        )
        """

    /// What versions are ordered by; the raw value is MLflow's word.
    enum Key: String, CaseIterable {
        case name
        case versionNumber = "version_number"
        case creationTime = "creation_timestamp"
        case lastUpdateTime = "last_updated_timestamp"

        func column(isAscending: Bool) -> SortColumn {
            switch self {
            case .name: SortColumn("m.name", .text, isAscending: isAscending)
            case .versionNumber: SortColumn("v.version", .integer, isAscending: isAscending)
            case .creationTime: SortColumn("v.creation_time", .integer, isAscending: isAscending)
            case .lastUpdateTime: SortColumn("v.last_updated_time", .integer, isAscending: isAscending)
            }
        }

        /// Less than 0 where the first is the smaller, and 0 where they are the same.
        func difference(_ first: ModelVersion, _ second: ModelVersion) -> Int {
            switch self {
            case .name where ExactText(first.name) == ExactText(second.name): 0
            case .name: ExactText(first.name) < ExactText(second.name) ? -1 : 1
            case .versionNumber: Self.difference(first.version, second.version)
            case .creationTime: Self.difference(first.creationTime, second.creationTime)
            case .lastUpdateTime: Self.difference(first.lastUpdateTime, second.lastUpdateTime)
            }
        }

        /// Imported times may be any, so they are not subtracted.
        private static func difference(_ first: Int64, _ second: Int64) -> Int {
            first == second ? 0 : first < second ? -1 : 1
        }

        func value(of version: ModelVersion) -> Value {
            switch self {
            case .name: .text(version.name)
            case .versionNumber: .integer(version.version)
            case .creationTime: .integer(version.creationTime)
            case .lastUpdateTime: .integer(version.lastUpdateTime)
            }
        }
    }

    /// - Source: MLflow 3.17, `_parse_search_model_versions_order_by`.
    private static func order(_ texts: [String]) throws(Failure) -> [(key: Key, isAscending: Bool)] {
        try OrderClause.checkCount(texts.count)
        var terms: [(key: Key, isAscending: Bool)] = []
        for text in texts.isEmpty ? ["last_updated_timestamp DESC"] : texts {
            let clause = try OrderClause(text)
            let key = try key(of: clause)
            guard !terms.contains(where: { $0.key == key }) else { throw OrderClause.duplicates(texts) }
            terms.append((key, clause.isAscending))
        }
        for (key, isAscending) in [(Key.name, true), (.versionNumber, false)]
        where !terms.contains(where: { $0.key == key }) {
            terms.append((key, isAscending))
        }
        return terms
    }

    private static func key(of clause: OrderClause) throws(Failure) -> Key {
        let valid = pythonSet(Key.allCases.map(\.rawValue))
        let (entity, name) = clause.source.name(clause.name)
        switch entity ?? "attribute" {
        case "attribute":
            if let key = Key(rawValue: name) { return key }
            throw .invalid("Invalid attribute key '\(name)' specified. Valid keys are '\(valid)'")
        case "tag", "tags":
            throw .invalid("Invalid order by key '\(name)' specified. Valid keys are \(valid)")
        case let other:
            throw .invalid(
                "Invalid entity type '\(other)'. Valid entity types are ('attribute', 'tag', 'tags')"
            )
        }
    }
}

extension Condition<ModelVersionField> {
    /// The condition on the tables `model_versions`, called `v`, and `registered_models`, called `m`; TRUE or FALSE, never
    /// NULL.
    fileprivate func sql(_ rule: PromptRule) -> SQL {
        switch field {
        case .attribute(.name): comparison.condition(on: "m.name")
        case .attribute(.runID): comparison.condition(on: "v.run_id")
        case .attribute(.sourcePath): comparison.condition(on: "v.source")
        case .attribute(.versionNumber): comparison.condition(on: "v.version")
        case .tag(Prompt.markKey) where rule == .models: "TRUE"
        case .tag(let key):
            """
            EXISTS (
                SELECT 1 FROM model_version_tags t
                WHERE t.version_key = v.version_key AND t.key = \(key) AND \(comparison.condition(on: "t.value"))
            )
            """
        }
    }
}

extension Filter<ModelVersionField> {
    /// Whether every version that it finds is of a model or a run that it names.
    fileprivate var namesModelsOrRuns: Bool {
        conjuncts.contains { part in
            guard case .leaf(let condition) = part else { return false }
            switch (condition.field, condition.comparison) {
            case (.attribute(.name), .text(.equal, _)), (.attribute(.name), .list(isIn: true, _)),
                (.attribute(.runID), .text(.equal, _)), (.attribute(.runID), .list(isIn: true, _)):
                return true
            default: return false
            }
        }
    }
}
