import Accounts

/// A path as the log has it.
enum LoggedPath {
    /// The path without what opens something to whoever knows it.
    ///
    /// Security: who reads a log would go in by a link before who was sent it, or write into somebody's upload.
    static func text(_ path: String) -> String {
        guard mayHoldSecret(path) else { return path }
        var segments = path.split(separator: "/", omittingEmptySubsequences: false)
        for index in segments.indices {
            if index > 1, segments[index - 2] == "mpu", segments[index - 1] == "parts" {
                // The name of an upload, which is all that is asked of who sends a part.
                segments[index] = "…"
            } else {
                let decoded = PercentEncoding.decoded(segments[index].utf8) ?? String(segments[index])
                if let hidden = Secret.hidden(in: decoded) { segments[index] = hidden[...] }
            }
        }
        return segments.joined(separator: "/")
    }

    /// Whether a path has to be looked at closely, which most have not, and each is logged.
    private static func mayHoldSecret(_ path: String) -> Bool {
        var (digits, isBehindLine) = (0, false)
        for byte in path.utf8 {
            switch byte {
            case UInt8(ascii: "%"): return true
            case UInt8(ascii: "_"): (digits, isBehindLine) = (0, true)
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
                UInt8(ascii: "A")...UInt8(ascii: "F"):
                digits += 1
                if isBehindLine, digits == 32 { return true }
            default: (digits, isBehindLine) = (0, false)
            }
        }
        return path.contains("/mpu/parts/")
    }
}
