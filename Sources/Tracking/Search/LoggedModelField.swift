internal import Core

/// What logged models are searched by.
package enum LoggedModelField: Hashable, Sendable {
    package enum Attribute: String, Hashable, Sendable, CaseIterable {
        case name
        case modelID = "model_id"
        case experimentID = "experiment_id"
        case modelType = "model_type"
        case status
        case statusMessage = "status_message"
        case sourceRunID = "source_run_id"
        case artifactLocation = "artifact_location"
        case lifecycleStage = "lifecycle_stage"
        case creationTimestamp = "creation_timestamp_ms"
        case lastUpdatedTimestamp = "last_updated_timestamp_ms"

        var isNumeric: Bool { self == .creationTimestamp || self == .lastUpdatedTimestamp }

        /// The attribute of a column name or of one of its aliases.
        init?(name: String) {
            let aliases = [
                "creation_time": Self.creationTimestamp,
                "creation_timestamp": .creationTimestamp,
                "last_updated_timestamp": .lastUpdatedTimestamp,
            ]
            guard let attribute = aliases[name] ?? Self(rawValue: name) else { return nil }
            self = attribute
        }
    }

    case attribute(Attribute)
    case metric(String)
    case param(String)
    case tag(String)
}

/// The filter grammar of logged models, which is another than that of runs.
///
/// As there, a key with signs in it, such as `metrics.val-loss`, needs no quotes. Beyond the original, double quotes are
/// quotes and the aliases of times may follow `attributes.`.
///
/// - Source: `mlflow/utils/search_logged_model_utils.py`.
enum LoggedModelFilter: FilterSubject {
    static func invalidClause(_ clause: String, in filter: String) -> String {
        "Invalid filter string: '\(filter)'. Expected a list of comparisons separated by 'AND' "
            + "(e.g. 'metrics.loss > 0.1 AND params.lr = 0.01')."
    }

    static func read(
        _ raw: RawComparison,
        in text: FilterSource
    ) throws(Failure) -> PendingCondition<LoggedModelField> {
        guard let right = raw.right else {
            throw text.failure(
                "Invalid comparison: \(text.text[raw.span]). Expected a comparison with 3 tokens.",
                at: raw
            )
        }
        let field = try self.field(raw, in: text)
        // Before the value, as in the original: a metric that is compared by LIKE is told so.
        guard field.comparators.contains(raw.comparator) else {
            let valid = field.comparators.map { "'\($0)'" }.joined(separator: ", ")
            throw text.failure(
                "Invalid comparison operator for \(field): '\(raw.comparator)'. Expected one of (\(valid)).",
                at: raw
            )
        }
        return PendingCondition(field: field, value: try value(right, of: field, in: text), raw: raw)
    }

    private static func field(_ raw: RawComparison, in text: FilterSource) throws(Failure) -> LoggedModelField
    {
        let operand = raw.left.kind == .other ? raw.left : try text.identifier(raw)
        let (entity, key) = text.name(operand)
        switch entity ?? "attributes" {
        case "metrics": return .metric(key)
        case "params": return .param(key)
        case "tags": return .tag(key)
        case "attributes":
            guard let attribute = LoggedModelField.Attribute(name: key) else {
                let valid = pythonSet(LoggedModelField.Attribute.allCases.map(\.rawValue))
                throw text.failure(
                    "Invalid attribute key '\(key)' specified. Valid keys are '\(valid)'",
                    at: operand
                )
            }
            return .attribute(attribute)
        case let other:
            throw text.failure(
                "Invalid entity type: '\(other)'. Expected one of ['attributes', 'metrics', 'params', 'tags'].",
                at: operand
            )
        }
    }

    private static func value(
        _ operand: Operand,
        of field: LoggedModelField,
        in text: FilterSource
    ) throws(Failure) -> FilterValue {
        if field.isNumeric {
            return try text.number(operand) { "Expected numeric value type for \(field). Found \($0)" }
        }
        if operand.kind == .list { return try text.list(operand) }
        // The example in MLflow's own message leaves the quotes of a text out.
        return .text(FilterSource.trimmed(text.text[operand.span], ["'", "\""]))
    }

    static func comparison(
        _ pending: PendingCondition<LoggedModelField>,
        in text: FilterSource
    ) throws(Failure) -> Comparison {
        let comparator = pending.raw.comparator
        switch pending.value {
        case .integer(let value):
            if let order = Comparison.Order(rawValue: comparator) { return .number(order, .integer(value)) }
        case .real(let value):
            if let order = Comparison.Order(rawValue: comparator) { return .number(order, .real(value)) }
        case .text(let value):
            if let match = Comparison.Match(rawValue: comparator) { return .text(match, value) }
        case .list(let values):
            if comparator.hasSuffix("IN") { return .list(isIn: comparator == "IN", values) }
        case .none:
            break
        }
        throw text.failure(
            "Invalid comparison: \(text.text[pending.raw.span]). '\(comparator)' does not compare with such a value.",
            at: pending.raw
        )
    }
}

extension LoggedModelField: CustomStringConvertible {
    package var description: String {
        switch self {
        case .attribute(let attribute): "attributes.\(attribute.rawValue)"
        case .metric(let key): "metrics.\(key)"
        case .param(let key): "params.\(key)"
        case .tag(let key): "tags.\(key)"
        }
    }

    fileprivate var isNumeric: Bool {
        switch self {
        case .metric: true
        case .attribute(let attribute): attribute.isNumeric
        case .param, .tag: false
        }
    }

    fileprivate var comparators: [String] {
        isNumeric ? ["<", "<=", ">", ">=", "=", "!="] : ["=", "!=", "LIKE", "ILIKE", "IN", "NOT IN"]
    }
}
