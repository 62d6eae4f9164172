import Core
import FoundationEssentials

/// The parts of an answer, as people read them.
extension JSON {
    /// A text or a number as it is; empty for what is not there.
    func word(_ key: String) -> String {
        switch self[key] {
        case .string(let text)?: text.split(whereSeparator: \.isNewline).joined(separator: " ")
        case nil, .null?: ""
        case let value?: value.text
        }
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
