/// A word of a filter and where it stands.
struct FilterToken: Equatable {
    enum Kind: Equatable {
        case word
        case backticked
        case doubleQuoted
        case singleQuoted
        case integer
        case decimal
        /// One or more of `<>=~!`.
        case comparison
        /// One or more of `+-*/@#%^&|`, which filters do not know; kept to say what was meant as one name.
        case arithmetic
        case open
        case close
        case comma
        case period
        case semicolon
        /// A character that begins nothing, such as a quote that is never closed.
        case stray
    }

    let kind: Kind
    let span: Range<Int>
}

/// Cuts a filter into its words in one pass; whatever the text, it never fails.
///
/// Source: the rules of `sqlparse/keywords.py` as far as MLflow's filters use them.
struct FilterLexer {
    private let scalars: [Unicode.Scalar]
    private var position = 0
    private var tokens: [FilterToken] = []

    static func tokens(of text: FilterText) -> [FilterToken] {
        var lexer = FilterLexer(scalars: text.scalars)
        while lexer.position < lexer.scalars.count { lexer.readToken() }
        return lexer.tokens
    }

    private init(scalars: [Unicode.Scalar]) {
        self.scalars = scalars
    }

    private mutating func readToken() {
        let first = scalars[position]
        if first.properties.isWhitespace {
            position += 1
        } else if let (kind, end) = number() {
            add(kind, to: end)
        } else if let kind = Self.punctuation[first] {
            add(kind, to: position + 1)
        } else if let kind = Self.quotes[first] {
            readQuoted(by: first, kind)
        } else if Self.comparisons.contains(first) {
            add(.comparison, to: end(of: Self.comparisons.contains))
        } else if Self.arithmetic.contains(first) {
            add(.arithmetic, to: end(of: Self.arithmetic.contains))
        } else if first.isWord {
            add(.word, to: end(of: \.isWord))
        } else {
            add(.stray, to: position + 1)
        }
    }

    private mutating func add(_ kind: FilterToken.Kind, to end: Int) {
        tokens.append(FilterToken(kind: kind, span: position..<end))
        position = end
    }

    private func end(of belongs: (Unicode.Scalar) -> Bool, from start: Int? = nil) -> Int {
        var end = start ?? position
        while end < scalars.count, belongs(scalars[end]) { end += 1 }
        return end
    }

    /// A number that begins here, unless letters follow it: `1a` is a name.
    private func number() -> (kind: FilterToken.Kind, end: Int)? {
        let start = scalars[position] == "-" ? position + 1 : position
        var end = end(of: \.isDigit, from: start)
        if end == start + 1, scalars[start] == "0", end < scalars.count,
            scalars[end] == "x" || scalars[end] == "X"
        {
            // Hexadecimal, which SQL knows and filters do not.
            return (.stray, self.end(of: \.isWord, from: end))
        }
        var kind = FilterToken.Kind.integer
        if end < scalars.count, scalars[end] == ".", !isPeriodOfName(at: end, afterDigits: end > start) {
            kind = .decimal
            end = self.end(of: \.isDigit, from: end + 1)
        }
        guard scalars[start..<end].contains(where: \.isDigit) else { return nil }
        if let exponent = exponentEnd(from: end) {
            kind = .decimal
            end = exponent
        }
        guard end == scalars.count || !scalars[end].isWord else { return nil }
        return (kind, end)
    }

    /// `metrics.5` names a metric; a point there does not begin a fraction.
    private func isPeriodOfName(at point: Int, afterDigits: Bool) -> Bool {
        guard !afterDigits, let last = tokens.last, last.span.upperBound == point else { return false }
        return [.word, .backticked, .doubleQuoted].contains(last.kind)
    }

    private func exponentEnd(from start: Int) -> Int? {
        guard start < scalars.count, scalars[start] == "e" || scalars[start] == "E" else { return nil }
        let hasSign = start + 1 < scalars.count && (scalars[start + 1] == "-" || scalars[start + 1] == "+")
        let digits = hasSign ? start + 2 : start + 1
        let end = end(of: \.isDigit, from: digits)
        return end > digits ? end : nil
    }

    /// Reads up to the quote that closes; a doubled quote, or one after a backslash, does not.
    ///
    /// If none closes, the last of those does after all. So the rest of the text is read once here, and the next
    /// unclosed quote of this kind can only stand behind all the others: the whole stays linear.
    private mutating func readQuoted(by quote: Unicode.Scalar, _ kind: FilterToken.Kind) {
        var index = position + 1
        var lastPassed: Int?
        while index < scalars.count {
            if scalars[index] == quote {
                guard index + 1 < scalars.count, scalars[index + 1] == quote else {
                    return add(kind, to: index + 1)
                }
                lastPassed = index
                index += 2
            } else if scalars[index] == "\\", quote != "`", index + 1 < scalars.count,
                scalars[index + 1] == quote
            {
                lastPassed = index + 1
                index += 2
            } else {
                index += 1
            }
        }
        if let lastPassed { add(kind, to: lastPassed + 1) } else { add(.stray, to: position + 1) }
    }

    private static let quotes: [Unicode.Scalar: FilterToken.Kind] = [
        "'": .singleQuoted, "\"": .doubleQuoted, "`": .backticked,
    ]
    private static let punctuation: [Unicode.Scalar: FilterToken.Kind] = [
        "(": .open, ")": .close, ",": .comma, ".": .period, ";": .semicolon,
    ]
    private static let comparisons: Set<Unicode.Scalar> = ["<", ">", "=", "~", "!"]
    private static let arithmetic: Set<Unicode.Scalar> = ["+", "-", "*", "/", "@", "#", "%", "^", "&", "|"]
}

extension Unicode.Scalar {
    fileprivate var isDigit: Bool { "0"..."9" ~= self }

    /// Letters, digits and the underscore of any script.
    fileprivate var isWord: Bool {
        if isASCII { return isDigit || "a"..."z" ~= self || "A"..."Z" ~= self || self == "_" }
        return properties.isAlphabetic || properties.numericType != nil
    }
}
