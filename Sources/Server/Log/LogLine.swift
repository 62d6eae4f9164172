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
                json.field("time", UTCTime(epochMs: nowMs).precise)
                json.field("level", level)
                json.field("message", message)
                for field in fields {
                    json.key(field.key)
                    json.value(field.value)
                }
            }
            return json.bytes + [UInt8(ascii: "\n")]
        case .text:
            var line = "\(UTCTime(epochMs: nowMs).precise) \(level) \(message)"
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
