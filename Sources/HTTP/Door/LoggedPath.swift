import Accounts

/// A path as the log has it.
enum LoggedPath {
    /// The path without what opens something to whoever knows it.
    ///
    /// Security: who reads a log would go in by a link before who was sent it, or write into somebody's upload.
    static func text(_ path: String) -> String {
        let mayHoldSecret = path.utf8.contains { $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "%") }
        guard mayHoldSecret || path.contains("/mpu/parts/") else { return path }
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
}
