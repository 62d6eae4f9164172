/// A moment as calendar and clock have it in UTC.
///
/// - Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`.
package struct UTCTime: Sendable, Hashable {
    package let year: Int64
    package let month: Int64
    package let day: Int64
    package let hour: Int64
    package let minute: Int64
    package let second: Int64
    package let millisecond: Int64

    package init(epochMs: Int64) {
        let (days, rest) = Self.divided(epochMs, by: 86_400_000)
        (hour, minute) = (rest / 3_600_000, rest / 60_000 % 60)
        (second, millisecond) = (rest / 1_000 % 60, rest % 1_000)
        // Days since 0000-03-01, so that the leap day is the last of its year; then years of eras of 400.
        let shifted = days + 719_468
        let (era, dayOfEra) = Self.divided(shifted, by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// `2026-11-23`.
    package var date: String {
        "\(Self.padded(year, 4))-\(Self.padded(month, 2))-\(Self.padded(day, 2))"
    }

    /// `2026-11-23 18:14`.
    package var short: String { "\(date) \(Self.padded(hour, 2)):\(Self.padded(minute, 2))" }

    /// `2026-11-23 18:14:05 UTC`.
    package var full: String { "\(date) \(clock) UTC" }

    /// `2026-11-23T18:14:05Z`.
    package var iso: String { "\(date)T\(clock)Z" }

    /// `2026-11-23T18:14:05.123Z`.
    package var precise: String { "\(date)T\(clock).\(Self.padded(millisecond, 3))Z" }

    private var clock: String {
        "\(Self.padded(hour, 2)):\(Self.padded(minute, 2)):\(Self.padded(second, 2))"
    }

    /// Rounded down, with what is left; without a step that could leave the numbers there are, since times are anybody's.
    private static func divided(_ number: Int64, by divisor: Int64) -> (Int64, rest: Int64) {
        let (quotient, rest) = number.quotientAndRemainder(dividingBy: divisor)
        return rest < 0 ? (quotient - 1, rest + divisor) : (quotient, rest)
    }

    private static func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
