/// Times as ISO 8601 writes them, however far away.
enum Moment {
    static func text(_ value: Int64, per second: Int64, isUTC: Bool) -> String {
        let perDay = second * 86_400
        return "\(date(days: floor(value, by: perDay))) \(time(value, per: second))\(isUTC ? "Z" : "")"
    }

    /// A time of a day.
    static func time(_ value: Int64, per second: Int64) -> String {
        let perDay = second * 86_400
        let ofDay = value % perDay
        let value = ofDay < 0 ? ofDay + perDay : ofDay
        let (seconds, rest) = value.quotientAndRemainder(dividingBy: second)
        let clock = [seconds / 3_600, seconds / 60 % 60, seconds % 60].map { padded($0, 2) }
        guard rest > 0 else { return clock.joined(separator: ":") }
        var fraction = padded(rest, "\(second)".count - 1)
        while fraction.last == "0" { fraction.removeLast() }
        return clock.joined(separator: ":") + "." + fraction
    }

    /// - Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`.
    static func date(days: Int64) -> String {
        let days = min(max(days, -1 << 40), 1 << 40) + 719_468
        let era = floor(days, by: 146_097)
        let dayOfEra = days - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shifted + 2) / 5 + 1
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        let sign = year < 0 ? "-" : ""
        return "\(sign)\(padded(abs(year), 4))-\(padded(month, 2))-\(padded(day, 2))"
    }

    private static func floor(_ value: Int64, by divisor: Int64) -> Int64 {
        let (quotient, rest) = value.quotientAndRemainder(dividingBy: divisor)
        return rest < 0 ? quotient - 1 : quotient
    }

    private static func padded(_ value: Int64, _ width: Int) -> String {
        let digits = "\(value)"
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
