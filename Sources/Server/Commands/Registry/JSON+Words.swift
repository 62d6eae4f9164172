import Core
import FoundationEssentials

/// The parts of an answer, as people read them.
extension JSON {
    /// A text or a number on one line; empty for what is not there.
    ///
    /// Security: a comment or a description of somebody else must not speak to the terminal.
    func word(_ key: String) -> String {
        switch self[key] {
        case .string(let text)?: Self.printable(text)
        case nil, .null?: ""
        case let value?: Self.printable(value.text)
        }
    }

    /// A text on as many lines as it has; otherwise as `word`.
    func writtenLines(_ key: String) -> String {
        guard case .string(let text)? = self[key] else { return word(key) }
        return text.split(separator: "\n", omittingEmptySubsequences: false).map {
            Self.printable(String($0))
        }
        .joined(separator: "\n")
    }

    /// The elements of a list; none of anything else.
    var elements: [JSON] {
        if case .array(let elements) = self { elements } else { [] }
    }

    private static func printable(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: result.append(" ")
            default: result.append(scalar)
            }
        }
        return String(result)
    }

    func list(_ key: String) -> [JSON] {
        if case .array(let elements)? = self[key] { elements } else { [] }
    }

    /// A time in epoch milliseconds as `2026-03-01T12:00:00Z`.
    func time(_ key: String) -> String {
        guard case .integer(let ms)? = self[key] else { return "" }
        return Date(timeIntervalSince1970: Double(ms / 1_000)).formatted(.iso8601)
    }
}
