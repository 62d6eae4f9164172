/// A filter whose every comparison is known to make sense for what is searched.
package typealias Filter<Field: Hashable & Sendable> = Clause<Condition<Field>>

/// One comparison of a field with a value.
package struct Condition<Field: Hashable & Sendable>: Hashable, Sendable {
    package let field: Field
    package let comparison: Comparison
}

/// What a field is compared with, and how.
package enum Comparison: Hashable, Sendable {
    package enum Order: String, Hashable, Sendable, CaseIterable {
        case equal = "="
        case notEqual = "!="
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="
    }

    package enum Match: String, Hashable, Sendable, CaseIterable {
        case equal = "="
        case notEqual = "!="
        /// With `%` and `_`; upper and lower case differ.
        case like = "LIKE"
        /// With `%` and `_`; upper and lower case are the same.
        case ilike = "ILIKE"
    }

    case number(Order, Number)
    case text(Match, String)
    case list(isIn: Bool, [String])
    case presence(Bool)
}

/// A number as it was written; whole ones keep all their digits.
package enum Number: Hashable, Sendable {
    case integer(Int64)
    case real(Double)

    package var double: Double {
        switch self {
        case .integer(let value): Double(value)
        case .real(let value): value
        }
    }
}

/// A comparison whose field and value are read and whose comparator is not yet checked.
///
/// MLflow checks the comparators after everything else, so a filter with two mistakes is answered as there.
package struct PendingCondition<Field> {
    package let field: Field
    package let value: FilterValue
    package let raw: RawComparison

    package init(field: Field, value: FilterValue, raw: RawComparison) {
        self.field = field
        self.value = value
        self.raw = raw
    }
}

package enum FilterValue {
    case integer(Int64)
    case real(Double)
    case text(String)
    case list([String])
    /// Of `IS NULL` and `IS NOT NULL`.
    case none
}

/// What can be searched by a filter: its fields and the comparators that each of them knows.
package protocol FilterSubject {
    associatedtype Field: Hashable & Sendable

    static func invalidClause(_ clause: String, in filter: String) -> String
    static func read(_ raw: RawComparison, in text: FilterSource) throws(Failure) -> PendingCondition<Field>
    static func comparison(
        _ pending: PendingCondition<Field>,
        in text: FilterSource
    ) throws(Failure) -> Comparison
}

extension FilterSubject {
    /// The filter that a text means; nil for no text.
    package static func parse(_ filter: String?) throws(Failure) -> Filter<Field>? {
        guard let filter, !filter.isEmpty else { return nil }
        var parser = try FilterParser(filter, invalidClause: invalidClause)
        let clause = try parser.parse()
        let source = FilterSource(text: parser.text, tokens: parser.tokens)
        let pending = try clause.map { raw throws(Failure) in try read(raw, in: source) }
        return try pending.map { pending throws(Failure) in
            Condition(field: pending.field, comparison: try comparison(pending, in: source))
        }
    }
}
