/// The text of a filter with its words, from which names and values are read.
package struct FilterSource {
    package let text: FilterText
    let tokens: [FilterToken]

    /// The text before the first point and what follows it; everything is the key where there is no point.
    package func name(_ operand: Operand) -> (entity: String?, key: String) {
        let parts = text[operand.span].split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let key = Self.trimmed(Self.trimmed(String(parts[parts.count - 1]), ["'", "\""]), ["`"])
        return (parts.count == 2 ? String(parts[0]) : nil, key)
    }

    package func identifier(_ raw: RawComparison) throws(Failure) -> Operand {
        guard raw.left.kind == .identifier else {
            throw failure(
                "Invalid comparison clause. Expected 'Identifier' found '\(text[raw.left.span])'",
                at: raw.left
            )
        }
        return raw.left
    }

    package func number(_ operand: Operand, else message: (String) -> String) throws(Failure) -> FilterValue {
        let written = text[operand.span]
        switch operand.kind {
        case .integer:
            if let value = Int64(written) { return .integer(value) }
            fallthrough
        case .decimal:
            guard let value = Self.double(written) else { fallthrough }
            return .real(value)
        default:
            throw failure(message(written), at: operand)
        }
    }

    /// The text between the quotes; quotes inside it stay as they are written.
    package func quoted(_ operand: Operand, else message: (String) -> String) throws(Failure) -> FilterValue {
        let written = text[operand.span]
        guard operand.kind == .string || operand.kind == .identifier else {
            throw failure(message(written), at: operand)
        }
        let value = Self.trimmed(written, ["'", "\""])
        guard value.utf8.count < written.utf8.count else {
            throw failure(
                "Parameter value is either not quoted or unidentified quote types used for string value \(written). "
                    + "Use either single or double quotes.",
                at: operand
            )
        }
        guard value.utf8.count <= Self.textLimitBytes else {
            throw failure("A value in a filter is longer than \(Self.textLimitBytes) bytes.", at: operand)
        }
        return .text(value)
    }

    /// What SQLite takes as a pattern of `LIKE`.
    private static let textLimitBytes = 50_000

    /// How many values a list may hold; each is bound, and SQLite binds 32,766 in a statement.
    private static let listLimit = 10_000

    /// The texts of a list, by the rules of Python, whose tuples these lists are to MLflow.
    package func list(_ operand: Operand) throws(Failure) -> FilterValue {
        let lead = "While parsing a list in the query, expected "
        var values: [String] = []
        var isItemOpen = false
        for token in tokens[operand.tokens].dropFirst().dropLast() {
            switch token.kind {
            case .singleQuoted, .doubleQuoted:
                let piece = Self.pythonString(text[token.span])
                if isItemOpen { values[values.count - 1] += piece } else { values.append(piece) }
                isItemOpen = true
                guard values.count <= Self.listLimit else {
                    throw failure(
                        "A list in the query may hold at most \(Self.listLimit) values",
                        at: operand
                    )
                }
            case .comma where isItemOpen:
                isItemOpen = false
            case .integer, .decimal:
                throw failure(
                    lead + "string value, punctuation, or whitespace, but got different type in list: "
                        + text[operand.span],
                    at: operand
                )
            default:
                throw failure(
                    lead + "a non-empty list of string values, but got ill-formed list.",
                    at: operand
                )
            }
        }
        guard !values.isEmpty else {
            throw failure(lead + "a non-empty list of string values, but got empty list", at: operand)
        }
        return .list(values)
    }

    package func failure(_ message: String, at operand: Operand) -> Failure {
        text.failure(message, at: operand.span)
    }

    package func failure(_ message: String, at raw: RawComparison) -> Failure {
        text.failure(message, at: raw.span)
    }

    /// Without the quotes around it, if it has the same one of them on both sides.
    package static func trimmed(_ text: String, _ quotes: [Character]) -> String {
        guard text.unicodeScalars.count >= 2,
            quotes.contains(where: {
                text.unicodeScalars.first == $0.unicodeScalars.first
                    && text.unicodeScalars.last == $0.unicodeScalars.first
            })
        else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.dropFirst().dropLast()))
    }

    private static func double(_ text: String) -> Double? {
        text.hasSuffix(".") ? Double(text + "0") : Double(text)
    }

    private static func pythonString(_ literal: String) -> String {
        let scalars = Array(literal.unicodeScalars)
        let quote = scalars[0]
        var value = String.UnicodeScalarView()
        var index = 1
        while index < scalars.count - 1 {
            if scalars[index] == "\\" {
                if let meant = escapes[scalars[index + 1]] {
                    value.append(meant)
                } else {
                    value.append(contentsOf: scalars[index...(index + 1)])
                }
                index += 2
            } else {
                // Two quotes end one string and begin the next, which Python joins.
                if scalars[index] != quote { value.append(scalars[index]) }
                index += 1
            }
        }
        return String(value)
    }

    private static let escapes: [Unicode.Scalar: Unicode.Scalar] = [
        "\\": "\\", "'": "'", "\"": "\"", "n": "\n", "t": "\t", "r": "\r",
    ]
}

/// Words as Python prints a set of them, in alphabetical order.
package func pythonSet(_ words: some Sequence<String>) -> String {
    "{" + words.sorted().map { "'\($0)'" }.joined(separator: ", ") + "}"
}
