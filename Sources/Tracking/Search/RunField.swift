internal import Core

/// What runs are searched and ordered by.
package enum RunField: Hashable, Sendable {
    package enum Attribute: String, Hashable, Sendable, CaseIterable {
        case runID = "run_id"
        case runName = "run_name"
        case userID = "user_id"
        case status
        case startTime = "start_time"
        case endTime = "end_time"
        case artifactURI = "artifact_uri"
        /// Of ours; MLflow knows no such attribute.
        case duration

        var isNumeric: Bool { self == .startTime || self == .endTime || self == .duration }
    }

    package enum Dataset: String, Hashable, Sendable, CaseIterable {
        case name
        case digest
        case context
    }

    case attribute(Attribute)
    case metric(String)
    case param(String)
    case tag(String)
    case dataset(Dataset)
}

/// The filter grammar of runs.
///
/// - Source: `SearchUtils` in `mlflow/utils/search_utils.py`.
enum RunFilter: FilterSubject {
    static func invalidClause(_ clause: String, in filter: String) -> String {
        "Invalid clause(s) in filter string: '\(clause)'"
    }

    static func read(
        _ raw: RawComparison,
        in text: FilterSource
    ) throws(Failure) -> PendingCondition<RunField> {
        let operand = try text.identifier(raw)
        let field = try self.field(operand, in: text, attributeNames: searchNames)
        guard let right = raw.right else {
            switch field {
            case .param, .tag: return PendingCondition(field: field, value: .none, raw: raw)
            default:
                throw text.failure(
                    "IS NULL / IS NOT NULL is only supported for tags and params, not for '\(field.entity)' "
                        + "'\(text.name(operand).key)'",
                    at: raw
                )
            }
        }
        return PendingCondition(field: field, value: try value(right, of: field, in: text), raw: raw)
    }

    static func field(
        _ operand: Operand,
        in text: FilterSource,
        attributeNames: [String: RunField.Attribute]
    ) throws(Failure) -> RunField {
        let (written, key) = text.name(operand)
        let entity = written.map { FilterSource.trimmed($0, ["`"]) } ?? "attribute"
        switch entity {
        case "metric", "metrics": return .metric(key)
        case "parameter", "parameters", "param", "params": return .param(key)
        case "tag", "tags": return .tag(key)
        case "dataset", "datasets":
            guard let dataset = RunField.Dataset(rawValue: key) else {
                let valid = pythonSet(RunField.Dataset.allCases.map(\.rawValue))
                throw text.failure(
                    "Invalid dataset key '\(key)' specified. Valid keys are '\(valid)'",
                    at: operand
                )
            }
            return .dataset(dataset)
        case "attribute", "attributes", "attr", "run":
            guard let attribute = attributeNames[key] else {
                let valid = pythonSet(attributeNames.keys)
                throw text.failure(
                    "Invalid attribute key '\(key)' specified. Valid keys are '\(valid)'",
                    at: operand
                )
            }
            return .attribute(attribute)
        default:
            throw text.failure(
                "Invalid entity type '\(entity)'. Valid values are "
                    + "['metric', 'parameter', 'tag', 'attribute', 'dataset']",
                at: operand
            )
        }
    }

    private static func value(
        _ operand: Operand,
        of field: RunField,
        in text: FilterSource
    ) throws(Failure) -> FilterValue {
        switch field {
        case .metric:
            return try text.number(operand) { "Expected numeric value type for metric. Found \($0)" }
        case .param, .tag:
            return try text.quoted(operand) {
                "Expected a quoted string value for \(field.entity) (e.g. 'my-value'). Got value \($0)"
            }
        case .attribute(let attribute) where attribute.isNumeric:
            return try text.number(operand) {
                "Expected numeric value type for numeric attribute: \(attribute.rawValue). Found \($0)"
            }
        case .attribute(let attribute) where operand.kind == .list:
            guard attribute == .runID else {
                throw text.failure(
                    "Only ['run_id'] attributes support comparison with a list of quoted string values.",
                    at: operand
                )
            }
            return try text.list(operand)
        case .attribute:
            return try text.quoted(operand) {
                "Expected a quoted string value for attributes. Got value \($0)"
            }
        case .dataset where operand.kind == .list:
            return try text.list(operand)
        case .dataset:
            return try text.quoted(operand) {
                "Expected a quoted string value for dataset attributes. Got value \($0)"
            }
        }
    }

    static func comparison(
        _ pending: PendingCondition<RunField>,
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
            return .presence(comparator == "IS NOT NULL")
        }
        throw text.failure(
            "Invalid comparator '\(comparator)' not one of '\(pythonSet(pending.field.comparators))'",
            at: pending.raw
        )
    }

    /// The names of attributes in filters, with the aliases that MLflow's own pages write.
    static let searchNames: [String: RunField.Attribute] = orderNames.merging(
        ["run name": .runName, "Run name": .runName, "Run Name": .runName]
    ) { name, _ in name }

    /// The names of attributes in orders, as MLflow has them.
    static let orderNames: [String: RunField.Attribute] = Dictionary(
        uniqueKeysWithValues: RunField.Attribute.allCases.filter { $0 != .duration }.map { ($0.rawValue, $0) }
            + [("created", .startTime), ("Created", .startTime)]
    )
}

extension RunField {
    /// The singular word that messages call it by.
    var entity: String {
        switch self {
        case .attribute: "attribute"
        case .metric: "metric"
        case .param: "parameter"
        case .tag: "tag"
        case .dataset: "dataset"
        }
    }

    fileprivate var comparators: [String] {
        let matches = Comparison.Match.allCases.map(\.rawValue)
        return switch self {
        case .metric: Comparison.Order.allCases.map(\.rawValue)
        case .attribute(let attribute) where attribute.isNumeric: Comparison.Order.allCases.map(\.rawValue)
        case .param, .tag: matches + ["IS NULL", "IS NOT NULL"]
        case .attribute, .dataset: matches + ["IN", "NOT IN"]
        }
    }
}
