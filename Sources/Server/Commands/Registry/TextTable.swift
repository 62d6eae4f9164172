import Core
import FoundationEssentials

/// Rows under headings, in columns that are as wide as they must be.
struct TextTable {
    let headings: [String]
    let rows: [[String]]

    /// For people; a line each.
    var text: String {
        let all = [headings] + rows
        let widths = headings.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        return all.map { row in
            var line = ""
            for (word, width) in zip(row, widths) {
                line += word + String(repeating: " ", count: width - word.count + 2)
            }
            return String(line.reversed().drop { $0 == " " }.reversed())
        }.joined(separator: "\n")
    }
}

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

/// A time that a person gives: `2026-03-01T12:00:00Z`, or epoch milliseconds.
enum GivenTime {
    static func ms(_ text: String) throws -> Int64 {
        if let ms = Int64(text) { return ms }
        guard let date = try? Date(text, strategy: .iso8601) else {
            throw SettingError("'\(text)' is no time: write 2026-03-01T12:00:00Z, or epoch milliseconds.")
        }
        return Int64(date.timeIntervalSince1970 * 1_000)
    }
}
