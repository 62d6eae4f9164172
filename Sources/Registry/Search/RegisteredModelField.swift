import Core

/// What registered models are searched by.
enum RegisteredModelField: Hashable, Sendable {
    case name
    case tag(String)
}

/// The filter grammar of registered models.
///
/// - Source: `SearchModelUtils` in `mlflow/utils/search_utils.py`, `_get_search_registered_model_filter_query` in
///   `mlflow/store/model_registry/sqlalchemy_store.py`.
enum RegisteredModelFilter: FilterSubject {
    static func invalidClause(_ clause: String, in filter: String) -> String {
        "Invalid clause(s) in filter string: \(clause)"
    }

    static func read(
        _ raw: RawComparison,
        in text: FilterSource
    ) throws(Failure) -> PendingCondition<RegisteredModelField> {
        let operand = try text.identifier(raw)
        let field: RegisteredModelField =
            switch try RegistryFilter.field(operand, attributes: ["name"], in: text) {
            case .tag(let key): .tag(key)
            case .attribute: .name
            }
        let right = try RegistryFilter.right(raw, in: text)
        if case .tag = field {
            return PendingCondition(
                field: field,
                value: try RegistryFilter.tagValue(right, in: text),
                raw: raw
            )
        }
        let value =
            right.kind == .list
            ? try text.list(right) : try text.quoted(right) { RegistryFilter.noText($0) }
        return PendingCondition(field: field, value: value, raw: raw)
    }

    static func comparison(
        _ pending: PendingCondition<RegisteredModelField>,
        in text: FilterSource
    ) throws(Failure) -> Comparison {
        if let comparison = RegistryFilter.comparison(pending.value, pending.raw.comparator) {
            return comparison
        }
        let kind = pending.field == .name ? "attribute" : "tag"
        throw text.failure("Invalid comparator for \(kind): \(pending.raw.comparator)", at: pending.raw)
    }
}
