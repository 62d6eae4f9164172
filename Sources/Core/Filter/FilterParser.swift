/// One comparison as it is written: its parts, not yet what they mean.
package struct RawComparison {
    package let left: Operand
    /// In capitals: `=`, `NOT IN`, `IS NULL`, `LIKE`.
    package let comparator: String
    /// Nil for `IS NULL` and `IS NOT NULL`.
    package let right: Operand?

    package var span: Range<Int> { left.span.lowerBound..<end }
    package let end: Int
}

/// What stands on one side of a comparison.
package struct Operand {
    package enum Kind: Equatable {
        case identifier
        case integer
        case decimal
        case string
        case list
        /// Something that can be compared in SQL but not in a filter, such as `a - b`.
        case other
    }

    package let kind: Kind
    package let span: Range<Int>
    package let tokens: Range<Int>
}

/// Reads a filter by recursive descent: `any := all (OR all)*`, `all := (AND? unit)+`, `unit := NOT unit | ( any ) |
/// comparison`.
///
/// OR, NOT and parentheses go beyond MLflow. As there, AND may be left out or stand at the ends.
///
/// - Source: `SearchUtils.parse_search_filter` in `mlflow/utils/search_utils.py`.
struct FilterParser {
    /// Levels of parentheses and NOT.
    static let deepest = 50
    /// Comparisons in one filter; SQLite refuses expressions that are a thousand levels deep.
    static let mostComparisons = 500

    let text: FilterText
    let tokens: [FilterToken]
    private let invalidClause: (_ clause: String, _ filter: String) -> String
    private var position = 0
    private var depth = 0
    private var comparisons = 0

    /// - Parameters:
    ///   - filter: The text.
    ///   - invalidClause: MLflow's words for a clause that is none; they depend on what is searched.
    /// - Throws: `Failure.invalid` for a text that is too long.
    init(
        _ filter: String,
        invalidClause: @escaping (_ clause: String, _ filter: String) -> String
    ) throws(Failure) {
        text = try FilterText(filter)
        tokens = FilterLexer.tokens(of: text)
        self.invalidClause = invalidClause
    }

    /// The whole text; a filter of nothing but AND holds always.
    mutating func parse() throws(Failure) -> Clause<RawComparison> {
        guard !tokens.isEmpty else { throw .invalid("Invalid filter '\(text.whole)'. Could not be parsed.") }
        try refuseSecondStatement()
        if tokens.allSatisfy({ isWord($0, "AND") }) { return .all([]) }
        let clause = try parseAny()
        if let next { throw unexpected(from: next.span.lowerBound) }
        return clause
    }

    /// A name and the word behind it, if any; nil for anything else.
    mutating func parseOrderTerm() -> (name: Operand, word: String?)? {
        guard let name = parseOperand(), name.kind == .identifier else { return nil }
        let word = next
        if word != nil { position += 1 }
        guard next == nil, word == nil || word?.kind == .word else { return nil }
        return (name, word.map { text[$0.span] })
    }

    private func refuseSecondStatement() throws(Failure) {
        guard let index = tokens.firstIndex(where: { $0.kind == .semicolon }), index + 1 < tokens.count else {
            return
        }
        throw text.failure(
            "Search filter contained multiple expression \(PythonText.repr(text.whole)). "
                + "Provide AND-ed expression list.",
            at: tokens[index].span
        )
    }

    private mutating func parseAny() throws(Failure) -> Clause<RawComparison> {
        var parts = [try parseAll()]
        while take("OR") { parts.append(try parseAll()) }
        return parts.count == 1 ? parts[0] : .any(parts)
    }

    private mutating func parseAll() throws(Failure) -> Clause<RawComparison> {
        var parts: [Clause<RawComparison>] = []
        while true {
            while take("AND") {}
            guard let next, next.kind != .close, !isKeyword("OR") else { break }
            parts.append(try parseUnit())
        }
        guard !parts.isEmpty else { throw unexpected(from: next?.span.lowerBound ?? text.scalars.count) }
        return parts.count == 1 ? parts[0] : .all(parts)
    }

    private mutating func parseUnit() throws(Failure) -> Clause<RawComparison> {
        let start = tokens[position]
        guard isKeyword("NOT") || start.kind == .open else { return .leaf(try parseComparison()) }
        guard depth < Self.deepest else {
            throw text.failure(
                "Filter string is nested more than \(Self.deepest) levels deep.",
                at: start.span
            )
        }
        depth += 1
        defer { depth -= 1 }
        position += 1
        if start.kind == .open {
            let inner = try parseAny()
            guard next?.kind == .close else { throw unexpected(from: start.span.lowerBound) }
            position += 1
            return inner
        }
        guard next != nil else { throw unexpected(from: start.span.lowerBound) }
        return .not(try parseUnit())
    }

    private mutating func parseComparison() throws(Failure) -> RawComparison {
        let start = tokens[position].span.lowerBound
        comparisons += 1
        guard comparisons <= Self.mostComparisons else {
            throw text.failure(
                "Filter string has more than \(Self.mostComparisons) comparisons.",
                at: tokens[position].span
            )
        }
        guard let left = parseOperand(), let comparator = takeComparator(after: left) else {
            throw unexpected(from: start)
        }
        if comparator.hasPrefix("IS ") {
            return RawComparison(
                left: left,
                comparator: comparator,
                right: nil,
                end: tokens[position - 1].span.upperBound
            )
        }
        let right = next?.kind == .open ? parseList() : parseOperand()
        guard let right, !comparator.hasSuffix("IN") || right.kind == .list else {
            throw unexpected(from: start)
        }
        return RawComparison(left: left, comparator: comparator, right: right, end: right.span.upperBound)
    }

    private mutating func takeComparator(after left: Operand) -> String? {
        guard let next else { return nil }
        if next.kind == .comparison {
            position += 1
            return text[next.span]
        }
        for words in left.kind == .identifier ? Self.comparators : Self.likes where take(words) {
            return words.joined(separator: " ")
        }
        return nil
    }

    private mutating func parseOperand() -> Operand? {
        let first = position
        guard var kind = takeSimpleOperand() else { return nil }
        // Arithmetic between two operands is one operand to SQL, and never one that can be searched.
        while next?.kind == .arithmetic {
            position += 1
            guard takeSimpleOperand() != nil else {
                position -= 1
                break
            }
            kind = .other
        }
        return operand(kind, first..<position)
    }

    private func operand(_ kind: Operand.Kind, _ range: Range<Int>) -> Operand {
        let span = tokens[range.lowerBound].span.lowerBound..<tokens[range.upperBound - 1].span.upperBound
        return Operand(kind: kind, span: span, tokens: range)
    }

    private mutating func takeSimpleOperand() -> Operand.Kind? {
        guard let token = next else { return nil }
        switch token.kind {
        case .integer, .decimal, .singleQuoted:
            position += 1
            return token.kind == .integer ? .integer : token.kind == .decimal ? .decimal : .string
        case .word, .backticked, .doubleQuoted:
            let isName = !isReserved(token) || peek(1)?.kind == .period
            guard isName || isWord(token, "NULL") else { return nil }
            position += 1
            if isName { takePath() }
            return isName ? .identifier : .other
        default:
            return nil
        }
    }

    /// The parts of a name after the first, each with its period; the last may be empty.
    private mutating func takePath() {
        while let period = next, period.kind == .period {
            position += 1
            guard let part = next else { return }
            switch part.kind {
            case .backticked, .doubleQuoted, .singleQuoted: position += 1
            case .word where part.span.lowerBound == period.span.upperBound || !isReserved(part):
                position += 1
            case .integer where part.span.lowerBound == period.span.upperBound: position += 1
            default: return
            }
        }
    }

    private mutating func parseList() -> Operand? {
        let first = position
        var level = 0
        while let token = next {
            position += 1
            if token.kind == .open { level += 1 }
            if token.kind == .close { level -= 1 }
            if level == 0 { return operand(.list, first..<position) }
        }
        return nil
    }

    // MARK: - Tokens

    private var next: FilterToken? { peek(0) }

    private func peek(_ distance: Int) -> FilterToken? {
        position + distance < tokens.count ? tokens[position + distance] : nil
    }

    private func isWord(_ token: FilterToken, _ word: String) -> Bool {
        token.kind == .word && token.span.count == word.utf8.count && text[token.span].uppercased() == word
    }

    /// A word of the grammar; before a period it would be a name.
    private func isKeyword(_ word: String) -> Bool {
        guard let next, isWord(next, word) else { return false }
        return peek(1)?.kind != .period
    }

    private func isReserved(_ token: FilterToken) -> Bool {
        token.kind == .word && token.span.count <= 6 && Self.reserved.contains(text[token.span].uppercased())
    }

    private mutating func take(_ words: String...) -> Bool { take(words) }

    private mutating func take(_ words: [String]) -> Bool {
        guard position + words.count <= tokens.count else { return false }
        for (offset, word) in words.enumerated() where !isWord(tokens[position + offset], word) {
            return false
        }
        guard words.count > 1 || isKeyword(words[0]) else { return false }
        position += words.count
        return true
    }

    /// MLflow's words for a clause that cannot be read, from its start to the token at fault.
    private func unexpected(from start: Int) -> Failure {
        let fault = next?.span ?? text.scalars.count..<text.scalars.count
        let end = next == nil ? tokens[tokens.count - 1].span.upperBound : fault.upperBound
        let clause = start < end ? text[start..<end] : text[tokens[tokens.count - 1].span]
        return text.failure(invalidClause(clause, text.whole), at: fault)
    }

    private static let likes = [
        ["LIKE"], ["ILIKE"], ["RLIKE"], ["REGEXP"],
        ["NOT", "LIKE"], ["NOT", "ILIKE"], ["NOT", "RLIKE"], ["NOT", "REGEXP"],
    ]
    private static let comparators =
        likes + [["IN"], ["NOT", "IN"], ["IS", "NULL"], ["IS", "NOT", "NULL"]]
    private static let reserved: Set<String> = [
        "AND", "OR", "NOT", "IN", "IS", "NULL", "LIKE", "ILIKE", "RLIKE", "REGEXP",
    ]
}
