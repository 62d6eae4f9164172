package import Core

extension Comparison {
    /// The comparison of an expression that is never NULL.
    package func condition(on expression: SQL) -> SQL {
        switch self {
        case .number(let order, .integer(let value)):
            "\(expression) \(SQL(trusted: order.rawValue)) \(value)"
        case .number(let order, .real(let value)):
            // The type is said, because PostgreSQL would read the value as the type of the column.
            "\(expression) \(SQL(trusted: order.rawValue)) CAST(\(value) AS DOUBLE PRECISION)"
        case .text(.like, let pattern):
            "\(expression) LIKE \(Self.bound(pattern)) \(Self.escape)"
        case .text(.ilike, let pattern):
            "lower(\(expression)) LIKE lower(\(Self.escaped(pattern))) \(Self.escape)"
        case .text(let match, let value):
            "\(expression) \(SQL(trusted: match.rawValue)) \(value)"
        case .list(let isIn, let values):
            "\(expression) \(isIn ? "IN" : "NOT IN" as SQL) (\(values.map { "\($0)" as SQL }.joined(separator: ", ")))"
        case .presence(let isPresent):
            "\(expression) IS \(isPresent ? "NOT NULL" : "NULL" as SQL)"
        }
    }

    /// The comparison of an expression that may be NULL, which no comparison finds; neither TRUE nor NULL then.
    package func condition(onNullable expression: SQL) -> SQL {
        "(\(expression) IS NOT NULL AND \(condition(on: expression)))"
    }

    /// A pattern that does not say how texts begin is bound in an expression: SQLite plans a query anew for each pattern
    /// that it is given plainly, in case an index could be entered by its beginning.
    private static func bound(_ pattern: String) -> SQL {
        let pattern = escaped(pattern)
        return pattern.hasPrefix("%") || pattern.hasPrefix("_") ? "CAST(\(pattern) AS TEXT)" : "\(pattern)"
    }

    /// Without it, a backslash escapes in PostgreSQL and is a character in SQLite; now it is one in both.
    private static let escape: SQL = "ESCAPE '\u{1}'"

    private static func escaped(_ pattern: String) -> String {
        guard pattern.unicodeScalars.contains("\u{1}") else { return pattern }
        return pattern.unicodeScalars.reduce(into: "") { $0 += $1 == "\u{1}" ? "\u{1}\u{1}" : String($1) }
    }
}

extension Clause {
    /// The condition of the whole from the conditions of its leaves, which are TRUE or FALSE and never NULL.
    package func sql(_ condition: (Leaf) throws -> SQL) rethrows -> SQL {
        switch self {
        case .leaf(let leaf): try condition(leaf)
        case .all(let parts) where parts.isEmpty: "TRUE"
        case .any(let parts) where parts.isEmpty: "FALSE"
        case .all(let parts): "(\(try parts.map { try $0.sql(condition) }.joined(separator: " AND ")))"
        case .any(let parts): "(\(try parts.map { try $0.sql(condition) }.joined(separator: " OR ")))"
        case .not(let inner): "NOT \(try inner.sql(condition))"
        }
    }
}
