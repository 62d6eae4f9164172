internal import Core

/// One expression that a search is sorted by.
///
/// A term that may be missing takes two: first a rank, always ascending, which puts what is missing last, then the value.
package struct SortColumn {
    package enum Kind { case integer, real, text }

    package let expression: SQL
    package let kind: Kind
    package let isAscending: Bool
    /// Where the expression is the same for every row, so that nothing is left to sort.
    package let isFixed: Bool

    package init(_ expression: SQL, _ kind: Kind, isAscending: Bool = true, isFixed: Bool = false) {
        self.expression = expression
        self.kind = kind
        self.isAscending = isAscending
        self.isFixed = isFixed
    }

    package func value(_ row: borrowing Row, _ column: Int) -> Value {
        if row.isNull(column) { return .null }
        return switch kind {
        case .integer: .integer(row.int(column))
        case .real: .real(row.double(column))
        case .text: .text(row.text(column))
        }
    }

    /// Whether a row with the first value comes before one with the second; nil where they are the same.
    package func isBefore(_ first: Value, _ second: Value) -> Bool? {
        switch (first, second) {
        case (.integer(let a), .integer(let b)) where a != b: (a < b) == isAscending
        case (.real(let a), .real(let b)) where a != b: (a < b) == isAscending
        // By bytes, as both databases compare.
        case (.text(let a), .text(let b)) where !a.utf8.elementsEqual(b.utf8):
            a.utf8.lexicographicallyPrecedes(b.utf8) == isAscending
        default: nil
        }
    }
}

extension [SortColumn] {
    /// The condition of the rows behind one whose columns have these values.
    ///
    /// Where a value is NULL, so is it in every row that is the same in the columns before: the rank sees to that.
    package func condition(after values: [Value]) -> SQL? {
        var condition: SQL?
        let sorted = zip(self, values).filter { !$0.isFixed && $1 != .null }
        for (index, (column, value)) in sorted.enumerated().reversed() {
            let behind: SQL = column.isAscending ? ">" : "<"
            guard let rest = condition else {
                condition = "\(column.expression) \(behind) \(value)"
                continue
            }
            let step: SQL = """
                (\(column.expression) \(behind) \(value) OR (\(column.expression) = \(value) AND \(rest)))
                """
            // Said once more as a plain bound, from which an index can be entered.
            condition = index == 0 ? "\(column.expression) \(behind)= \(value) AND \(step)" : step
        }
        return condition
    }

    /// By position among the selected columns, of which the first is the key.
    package var orderBy: SQL {
        enumerated()
            .filter { !$0.element.isFixed }
            .map { SQL(trusted: "\($0.offset + 2)\($0.element.isAscending ? "" : " DESC")") }
            .joined(separator: ", ")
    }

    package func isBefore(_ first: [Value], _ second: [Value]) -> Bool {
        for (column, (a, b)) in zip(self, zip(first, second)) {
            if let answer = column.isBefore(a, b) { return answer }
        }
        return false
    }
}
