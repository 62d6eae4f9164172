import FoundationEssentials

/// Times as Python shows them.
enum PythonTime {
    /// What `datetime.isoformat` gives in UTC: `2026-11-26T16:28:36.123000+00:00`.
    static func text(atMs: Int64) -> String {
        let date = Date(timeIntervalSince1970: Double(atMs / 1_000))
        let milliseconds = String(1_000 + atMs % 1_000).dropFirst()
        return "\(Date.ISO8601FormatStyle().format(date).dropLast()).\(milliseconds)000+00:00"
    }
}
