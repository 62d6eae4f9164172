import Core

/// What versions are searched by.
enum ModelVersionField: Hashable, Sendable {
    enum Attribute: String, Hashable, Sendable, CaseIterable {
        case name
        case runID = "run_id"
        case sourcePath = "source_path"
        case versionNumber = "version_number"

        fileprivate var takesLists: Bool { self == .name || self == .runID }
    }

    case attribute(Attribute)
    case tag(String)
}

/// The filter grammar of versions.
///
/// - Source: `SearchModelVersionUtils` in `mlflow/utils/search_utils.py`, `_get_search_model_versions_filter_clauses` in
///   `mlflow/store/model_registry/sqlalchemy_store.py`.
enum ModelVersionFilter: FilterSubject {
    static func invalidClause(_ clause: String, in filter: String) -> String {
        "Invalid clause(s) in filter string: \(clause)"
    }

    static func read(
        _ raw: RawComparison,
        in text: FilterSource
    ) throws(Failure) -> PendingCondition<ModelVersionField> {
        let operand = try text.identifier(raw)
        let names = ModelVersionField.Attribute.allCases.map(\.rawValue)
        let found = try RegistryFilter.field(operand, attributes: names, in: text)
        let right = try RegistryFilter.right(raw, in: text)
        switch found {
        case .tag(let key):
            let value = try RegistryFilter.tagValue(right, in: text)
            return PendingCondition(field: .tag(key), value: value, raw: raw)
        case .attribute(let name):
            guard let attribute = ModelVersionField.Attribute(rawValue: name) else {
                preconditionFailure("\(name) is not among the attributes")
            }
            let value = try value(right, of: attribute, in: text)
            return PendingCondition(field: .attribute(attribute), value: value, raw: raw)
        }
    }

    private static func value(
        _ operand: Operand,
        of attribute: ModelVersionField.Attribute,
        in text: FilterSource
    ) throws(Failure) -> FilterValue {
        switch operand.kind {
        case .list:
            guard attribute.takesLists else {
                throw text.failure(
                    "Only ['name', 'run_id'] attributes support comparison with a list of quoted string values.",
                    at: operand
                )
            }
            return try text.list(operand)
        case .integer, .decimal:
            guard attribute == .versionNumber else {
                let numeric = pythonSet(["creation_timestamp", "last_updated_timestamp", "version_number"])
                throw text.failure(
                    "Only the '\(numeric)' attributes support comparison with numeric values.",
                    at: operand
                )
            }
            return try text.number(operand) { RegistryFilter.noText($0) }
        default:
            return try text.quoted(operand) { RegistryFilter.noText($0) }
        }
    }

    static func comparison(
        _ pending: PendingCondition<ModelVersionField>,
        in text: FilterSource
    ) throws(Failure) -> Comparison {
        let comparator = pending.raw.comparator
        switch pending.field {
        case .attribute(.versionNumber):
            guard let order = Comparison.Order(rawValue: comparator) else {
                throw text.failure(
                    "Invalid comparator for attribute version_number: \(comparator)",
                    at: pending.raw
                )
            }
            return .number(order, try number(pending, in: text))
        case .attribute:
            if let found = RegistryFilter.comparison(pending.value, comparator) { return found }
            throw text.failure("Invalid comparator for attribute: \(comparator)", at: pending.raw)
        case .tag:
            if let found = RegistryFilter.comparison(pending.value, comparator) { return found }
            throw text.failure("Invalid comparator for tag: \(comparator)", at: pending.raw)
        }
    }

    /// A whole number, which may also be written as a text.
    private static func number(
        _ pending: PendingCondition<ModelVersionField>,
        in text: FilterSource
    ) throws(Failure) -> Number {
        let lead = "Invalid value for numeric attribute 'version_number': "
        switch pending.value {
        case .integer(let value):
            return .integer(value)
        case .text(let written):
            if let value = Int64(written) { return .integer(value) }
            throw text.failure(lead + PythonText.repr(written), at: pending.raw)
        case .real(let value):
            throw text.failure(lead + "\(value)", at: pending.raw)
        case .list, .none:
            throw text.failure(lead + "a list", at: pending.raw)
        }
    }
}
