/// A text that is no GraphQL, in the words of GraphQL's servers.
struct GraphQLSyntaxError: Error {
    let message: String

    init(_ message: String) { self.message = "Syntax Error: \(message)" }
}

enum GraphQLToken: Hashable {
    case name(String)
    case integer(String)
    case number(String)
    case string(String)
    /// Punctuation, such as `{` or `...`.
    case mark(String)
    case end

    /// How messages call it.
    var description: String {
        switch self {
        case .name(let text): "Name '\(text)'"
        case .integer(let text): "Int '\(text)'"
        case .number(let text): "Float '\(text)'"
        case .string(let text): "String '\(text)'"
        case .mark(let text): "'\(text)'"
        case .end: "<EOF>"
        }
    }
}

/// Cuts a text into tokens; space, commas and comments are between them.
struct GraphQLLexer {
    private let bytes: [UInt8]
    private var position = 0

    init(_ text: String) { bytes = Array(text.utf8) }

    mutating func next() throws(GraphQLSyntaxError) -> GraphQLToken {
        skipIgnored()
        guard let byte = peek() else { return .end }
        switch byte {
        case UInt8(ascii: "!"), UInt8(ascii: "$"), UInt8(ascii: "&"), UInt8(ascii: "("), UInt8(ascii: ")"),
            UInt8(ascii: ":"), UInt8(ascii: "="), UInt8(ascii: "@"), UInt8(ascii: "["), UInt8(ascii: "]"),
            UInt8(ascii: "{"), UInt8(ascii: "|"), UInt8(ascii: "}"):
            position += 1
            return .mark(String(UnicodeScalar(byte)))
        case UInt8(ascii: "."): return try spread()
        case UInt8(ascii: "\""): return try string()
        case UInt8(ascii: "-"): return try number()
        case _ where Self.isDigit(byte): return try number()
        case _ where Self.isNameStart(byte):
            return .name(text { Self.isNameStart($0) || Self.isDigit($0) })
        default: throw GraphQLSyntaxError("Invalid character in position \(position).")
        }
    }

    private mutating func skipIgnored() {
        while let byte = peek() {
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"),
                UInt8(ascii: ","):
                position += 1
            case UInt8(ascii: "#"):
                while let byte = peek(), byte != UInt8(ascii: "\n"), byte != UInt8(ascii: "\r") {
                    position += 1
                }
            // The byte order mark.
            case 0xEF where bytes[position...].starts(with: [0xEF, 0xBB, 0xBF]): position += 3
            default: return
            }
        }
    }

    private mutating func spread() throws(GraphQLSyntaxError) -> GraphQLToken {
        guard bytes[position...].starts(with: "...".utf8) else {
            throw GraphQLSyntaxError("Invalid character in position \(position).")
        }
        position += 3
        return .mark("...")
    }

    private mutating func number() throws(GraphQLSyntaxError) -> GraphQLToken {
        let start = position
        if peek() == UInt8(ascii: "-") { position += 1 }
        let digits = text(while: Self.isDigit)
        guard !digits.isEmpty, digits == "0" || !digits.hasPrefix("0") else { throw invalidNumber(start) }
        var isWhole = true
        if peek() == UInt8(ascii: ".") {
            isWhole = false
            position += 1
            guard !text(while: Self.isDigit).isEmpty else { throw invalidNumber(start) }
        }
        if peek() == UInt8(ascii: "e") || peek() == UInt8(ascii: "E") {
            isWhole = false
            position += 1
            if peek() == UInt8(ascii: "+") || peek() == UInt8(ascii: "-") { position += 1 }
            guard !text(while: Self.isDigit).isEmpty else { throw invalidNumber(start) }
        }
        if let byte = peek(), Self.isNameStart(byte) || byte == UInt8(ascii: ".") {
            throw invalidNumber(start)
        }
        let written = String(decoding: bytes[start..<position], as: UTF8.self)
        return isWhole ? .integer(written) : .number(written)
    }

    private func invalidNumber(_ start: Int) -> GraphQLSyntaxError {
        GraphQLSyntaxError("Invalid number in position \(start).")
    }

    private mutating func string() throws(GraphQLSyntaxError) -> GraphQLToken {
        guard !bytes[position...].starts(with: "\"\"\"".utf8) else {
            throw GraphQLSyntaxError("Block strings are not read by this server.")
        }
        position += 1
        var value: [UInt8] = []
        while let byte = peek(), byte != UInt8(ascii: "\n"), byte != UInt8(ascii: "\r") {
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return .string(String(decoding: value, as: UTF8.self))
            case UInt8(ascii: "\\"): value += Array(try escaped().utf8)
            default: value.append(byte)
            }
        }
        throw GraphQLSyntaxError("Unterminated string.")
    }

    private mutating func escaped() throws(GraphQLSyntaxError) -> String {
        guard let byte = peek() else { throw GraphQLSyntaxError("Unterminated string.") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return String(UnicodeScalar(byte))
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try unicode()
        default: throw GraphQLSyntaxError("Invalid character escape sequence in position \(position - 2).")
        }
    }

    /// Four digits, or eight where a pair of surrogates is escaped.
    private mutating func unicode() throws(GraphQLSyntaxError) -> String {
        var units = [try codeUnit()]
        if UTF16.isLeadSurrogate(units[0]), bytes[position...].starts(with: "\\u".utf8) {
            position += 2
            units.append(try codeUnit())
        }
        guard let text = String(validating: units, as: UTF16.self) else {
            throw GraphQLSyntaxError("Invalid Unicode escape sequence in position \(position).")
        }
        return text
    }

    private mutating func codeUnit() throws(GraphQLSyntaxError) -> UInt16 {
        let digits = bytes[position...].prefix(4)
        guard digits.count == 4, let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16) else {
            throw GraphQLSyntaxError("Invalid Unicode escape sequence in position \(position).")
        }
        position += 4
        return unit
    }

    private mutating func text(while isPart: (UInt8) -> Bool) -> String {
        let start = position
        while let byte = peek(), isPart(byte) { position += 1 }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private func peek() -> UInt8? { position < bytes.count ? bytes[position] : nil }

    private static func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }

    private static func isNameStart(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
