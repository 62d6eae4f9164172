/// A moment as a field of a form sends it, in UTC: `2026-11-26T12:30`, or a date alone.
struct UTCMoment: Sendable, Hashable {
    let epochMs: Int64

    /// Nil for what is none.
    init?(_ text: String) {
        let parts = text.split(separator: "T", maxSplits: 1)
        guard let date = parts.first.map(Self.numbers), date.count == 3,
            (1...9_999).contains(date[0]), (1...12).contains(date[1]), (1...31).contains(date[2])
        else { return nil }
        let clock = parts.count == 2 ? Self.numbers(parts[1]) : [0, 0]
        guard (2...3).contains(clock.count), (0..<24).contains(clock[0]), (0..<60).contains(clock[1]),
            clock.count == 2 || (0..<60).contains(clock[2])
        else { return nil }
        let seconds = clock[0] * 3_600 + clock[1] * 60 + (clock.count == 3 ? clock[2] : 0)
        epochMs = (Self.days(date[0], date[1], date[2]) * 86_400 + seconds) * 1_000
    }

    /// Empty for what has anything but digits between its signs.
    private static func numbers(_ text: Substring) -> [Int64] {
        let parts = text.split(omittingEmptySubsequences: false) { "-:".contains($0) }
        let numbers = parts.compactMap { part in
            part.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int64(part) : nil
        }
        return numbers.count == parts.count ? numbers : []
    }

    /// Days from 1970-01-01.
    ///
    /// - Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `days_from_civil`.
    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }
}
