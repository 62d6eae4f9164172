import Core

/// One line of the log, as text for people or as JSON for programs.
struct LogLine {
    let nowMs: Int64
    let level: String
    let message: String
    let fields: [(key: String, value: JSON)]

    func bytes(_ format: Settings.LogFormat) -> [UInt8] {
        switch format {
        case .json:
            var json = JSONWriter()
            json.object { json in
                json.field("time", Timestamp.text(nowMs))
                json.field("level", level)
                json.field("message", message)
                for field in fields {
                    json.key(field.key)
                    json.value(field.value)
                }
            }
            return json.bytes + [UInt8(ascii: "\n")]
        case .text:
            var line = "\(Timestamp.text(nowMs)) \(level) \(message)"
            for field in fields {
                // Security: what a caller wrote cannot begin a new line, for it is quoted as JSON is.
                if case .string(let text) = field.value,
                    text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x22 })
                {
                    line += " \(field.key)=\(text)"
                } else {
                    line += " \(field.key)=\(field.value.text)"
                }
            }
            return Array(line.utf8) + [UInt8(ascii: "\n")]
        }
    }
}

enum Timestamp {
    /// `2026-11-23T18:14:05.123Z`.
    static func text(_ epochMs: Int64) -> String {
        let (days, ms) = epochMs.quotientAndRemainder(dividingBy: 86_400_000)
        // Days since 0000-03-01, so that the leap day is the last of its year; then years of eras of 400.
        let shifted = days + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))T\(padded(ms / 3_600_000, 2))"
            + ":\(padded(ms / 60_000 % 60, 2)):\(padded(ms / 1_000 % 60, 2)).\(padded(ms % 1_000, 3))Z"
    }

    private static func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
