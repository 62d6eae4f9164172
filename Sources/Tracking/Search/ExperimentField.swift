internal import Core

/// What experiments are searched and ordered by.
package enum ExperimentField: Hashable, Sendable {
    package enum Attribute: String, Hashable, Sendable, CaseIterable {
        case name
        case experimentID = "experiment_id"
        case creationTime = "creation_time"
        case lastUpdateTime = "last_update_time"

        var isNumeric: Bool { self == .creationTime || self == .lastUpdateTime }
    }

    case attribute(Attribute)
    case tag(String)
}

/// The filter grammar of experiments.
///
/// - Source: `SearchExperimentsUtils` in `mlflow/utils/search_utils.py`, `_get_search_experiments_filter_clauses` in
///   `mlflow/store/tracking/sqlalchemy_store.py`.
enum ExperimentFilter: FilterSubject {
    static func invalidClause(_ clause: String, in filter: String) -> String {
        "Invalid clause(s) in filter string: \(clause)"
    }

    static func read(
        _ raw: RawComparison,
        in text: FilterSource
    ) throws(Failure) -> PendingCondition<ExperimentField> {
        let field = try self.field(try text.identifier(raw), in: text)
        switch (field, raw.right) {
        case (.tag, nil):
            return PendingCondition(field: field, value: .none, raw: raw)
        case (.attribute(let attribute), nil):
            throw text.failure(
                "IS NULL / IS NOT NULL is only supported for tags, not for attribute '\(attribute.rawValue)'",
                at: raw
            )
        case (_, let right?):
            return PendingCondition(field: field, value: try value(right, of: field, in: text), raw: raw)
        }
    }

    static func field(_ operand: Operand, in text: FilterSource) throws(Failure) -> ExperimentField {
        let (entity, key) = text.name(operand)
        switch entity ?? "attribute" {
        case "tag", "tags": return .tag(key)
        case "attribute":
            guard let attribute = ExperimentField.Attribute(rawValue: key) else {
                let valid = pythonSet(ExperimentField.Attribute.allCases.map(\.rawValue))
                throw text.failure(
                    "Invalid attribute key '\(key)' specified. Valid keys are '\(valid)'",
                    at: operand
                )
            }
            return .attribute(attribute)
        case let other:
            throw text.failure(
                "Invalid entity type '\(other)'. Valid entity types are ('attribute', 'tag', 'tags')",
                at: operand
            )
        }
    }

    private static func value(
        _ operand: Operand,
        of field: ExperimentField,
        in text: FilterSource
    ) throws(Failure) -> FilterValue {
        switch field {
        case .tag:
            return try text.quoted(operand) {
                "Expected a quoted string value for tag (e.g. 'my-value'). Got value \($0)"
            }
        case .attribute(let attribute) where attribute.isNumeric:
            return try text.number(operand) {
                "Expected numeric value type for numeric attribute: \(attribute.rawValue). Found \($0)"
            }
        case .attribute(let attribute) where operand.kind == .list:
            guard attribute == .experimentID else {
                throw text.failure(
                    "Only ['experiment_id'] attributes support comparison with a list of quoted string values.",
                    at: operand
                )
            }
            return try text.list(operand)
        case .attribute:
            return try text.quoted(operand) {
                "Expected a quoted string value for attributes. Got value \($0)"
            }
        }
    }

    static func comparison(
        _ pending: PendingCondition<ExperimentField>,
        in text: FilterSource
    ) throws(Failure) -> Comparison {
        let comparator = pending.raw.comparator
        switch (pending.field, pending.value) {
        case (_, .none):
            return .presence(comparator == "IS NOT NULL")
        case (.attribute(.experimentID), .text(let id)):
            if let match = Comparison.Match(rawValue: comparator), match == .equal || match == .notEqual {
                return .list(isIn: match == .equal, [try experimentID(id, in: pending.raw, text)])
            }
        case (.attribute(.experimentID), .list(let ids)):
            if comparator.hasSuffix("IN") {
                let ids = try ids.map { id throws(Failure) in try experimentID(id, in: pending.raw, text) }
                return .list(isIn: comparator == "IN", ids)
            }
        case (_, .text(let value)):
            if let match = Comparison.Match(rawValue: comparator) { return .text(match, value) }
        case (_, .integer(let value)):
            if let order = Comparison.Order(rawValue: comparator) { return .number(order, .integer(value)) }
        case (.attribute(let attribute), .real(let value)):
            if Comparison.Order(rawValue: comparator) != nil {
                throw text.failure(
                    "Invalid value for numeric attribute '\(attribute.rawValue)': '\(value)'",
                    at: pending.raw
                )
            }
        default:
            break
        }
        throw text.failure(pending.field.refusal(of: comparator), at: pending.raw)
    }

    private static func experimentID(
        _ id: String,
        in raw: RawComparison,
        _ text: FilterSource
    ) throws(Failure) -> String {
        guard let number = Int64(id) else {
            throw text.failure(
                "Invalid experiment ID '\(id)'. Experiment ID must be a valid integer.",
                at: raw
            )
        }
        return String(number)
    }
}

extension ExperimentField {
    /// MLflow's words for a comparator that does not fit.
    fileprivate func refusal(of comparator: String) -> String {
        switch self {
        case .attribute(.name):
            "Invalid comparator '\(comparator)' not one of '\(pythonSet(["=", "!=", "LIKE", "ILIKE", "IN", "NOT IN"]))'"
        case .attribute(.experimentID): "Invalid comparator for experiment_id: \(comparator)"
        case .attribute: "Invalid comparator for numeric attribute: \(comparator)"
        case .tag: "Invalid comparator for tag: \(comparator)"
        }
    }
}
