import FoundationEssentials

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
