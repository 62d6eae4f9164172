import Core

/// A piece of SQL: the text you write is trusted, the values you interpolate are bound.
///
/// Fragments nest, so a query is put together from its conditions without a word of string pasting:
///
///     let condition: SQL = "start_time < \(before)"
///     let query: SQL = "SELECT run_uuid FROM runs WHERE \(condition) LIMIT \(100)"
///
/// What differs between the two databases is a term of `Dialect`: `"id \(.identityKey)"`.
package struct SQL: Sendable {
    enum Part: Sendable {
        case text(String)
        case value(Value)
        case term(Dialect.Term)
    }

    var parts: [Part]

    /// True where nothing was written.
    package var isEmpty: Bool { parts.isEmpty }

    /// Text that did not come from a literal, such as an identifier that the program chose.
    ///
    /// Security: never anything that a caller sent; this is the one way around binding.
    package init(trusted text: String) {
        parts = [.text(text)]
    }

    fileprivate init(parts: [Part]) {
        self.parts = parts
    }

    package static func + (left: SQL, right: SQL) -> SQL {
        SQL(parts: left.parts + right.parts)
    }

    /// The text with placeholders of the dialect, and the values in the order of their placeholders.
    package func rendered(for dialect: Dialect) -> (text: String, values: [Value]) {
        var text = ""
        var values: [Value] = []
        for part in parts {
            switch part {
            case .text(let piece):
                text += piece
            case .value(let value):
                values.append(value)
                text += dialect.placeholder(values.count)
            case .term(let term):
                text += dialect.text(of: term)
            }
        }
        return (text, values)
    }
}

extension SQL: ExpressibleByStringInterpolation {
    package struct StringInterpolation: StringInterpolationProtocol {
        var parts: [Part] = []

        package init(literalCapacity: Int, interpolationCount: Int) {
            parts.reserveCapacity(interpolationCount * 2 + 1)
        }

        package mutating func appendLiteral(_ literal: String) {
            if !literal.isEmpty { parts.append(.text(literal)) }
        }

        package mutating func appendInterpolation(_ value: some SQLConvertible) {
            parts.append(.value(value.sqlValue))
        }

        package mutating func appendInterpolation<T: SQLConvertible>(_ value: T?) {
            parts.append(.value(value?.sqlValue ?? .null))
        }

        package mutating func appendInterpolation(_ fragment: SQL) {
            parts += fragment.parts
        }

        package mutating func appendInterpolation(_ term: Dialect.Term) {
            parts.append(.term(term))
        }

        /// `IN \(keys)` as one bound value, so that the text is the same however many keys there are.
        package mutating func appendInterpolation(anyOf keys: [Int64]) {
            parts.append(.term(.anyOfStart))
            parts.append(.value(.text(Dialect.keyList(keys))))
            parts.append(.term(.anyOfEnd))
        }

        /// As `anyOf`; a single key, which is what most calls ask for, is bound as itself.
        package mutating func appendInterpolation(oneOf keys: [Int64]) {
            if keys.count == 1 {
                appendLiteral("= ")
                appendInterpolation(keys[0])
            } else {
                appendInterpolation(anyOf: keys)
            }
        }

        /// Keys as the rows of a table that is called `wanted`: each is its `value`, and its place among them, from 0, its `key`.
        ///
        /// Where the rows of each are asked for, joined to it by `CROSS JOIN`, this is twice as quick as `anyOf`.
        package mutating func appendInterpolation(eachOf keys: [Int64]) {
            guard keys.count != 1 else {
                // Said as what it is, so that PostgreSQL plans for one and not for a hundred.
                return appendInterpolation(
                    "(SELECT CAST(\(keys[0]) AS BIGINT) AS value, 0 AS key) wanted" as SQL
                )
            }
            parts.append(.term(.eachOfStart))
            parts.append(.value(.text(Dialect.keyList(keys))))
            parts.append(.term(.eachOfEnd))
        }

        /// `IN \(texts)` as one bound value; it binds no NUL, which PostgreSQL has in no text.
        package mutating func appendInterpolation(anyOf texts: [String]) {
            parts.append(.term(.anyOfStart))
            parts.append(.value(.text(JSON.array(texts.map(JSON.string)).text)))
            parts.append(.term(.anyOfTextsEnd))
        }
    }

    package init(stringLiteral text: String) {
        parts = text.isEmpty ? [] : [.text(text)]
    }

    package init(stringInterpolation interpolation: StringInterpolation) {
        parts = interpolation.parts
    }
}

extension [SQL] {
    /// The fragments with a separator between them; empty for none.
    package func joined(separator: SQL) -> SQL {
        var parts: [SQL.Part] = []
        for (index, fragment) in enumerated() {
            if index > 0 { parts += separator.parts }
            parts += fragment.parts
        }
        return SQL(parts: parts)
    }
}
