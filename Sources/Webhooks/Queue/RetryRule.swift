import Core

/// When a delivery that failed is tried again, and when no more.
package struct RetryRule: Sendable, Hashable {
    /// How often a delivery is tried at the most.
    let attempts: Int64

    package init(attempts: Int64) {
        self.attempts = attempts
    }

    package static let standard = RetryRule(attempts: 12)

    private static let firstDelayMs: Int64 = 1_000
    private static let longestDelayMs: Int64 = 300_000
    /// A receiver that asks for more patience is not believed.
    private static let longestRetryAfterMs: Int64 = 3_600_000
    /// One that waited as long behind others is tried once.
    static let longestWaitMs: Int64 = 86_400_000

    /// Whether something has waited too long to be tried more than once.
    func isOld(ageMs: Int64) -> Bool { ageMs >= Self.longestWaitMs }

    /// Whether there is another attempt.
    ///
    /// - Parameters:
    ///   - count: How many there were.
    ///   - ageMs: How long ago it was queued.
    /// - Returns: False where it is to be given up.
    func allowsMore(after count: Int64, ageMs: Int64) -> Bool {
        count < attempts && !isOld(ageMs: ageMs)
    }

    /// How long to wait: twice as long after each attempt, up to five minutes, less up to a half by chance, so that what
    /// failed together does not come back together.
    ///
    /// - Parameters:
    ///   - count: How many attempts there were, from 1.
    ///   - retryAfter: What the receiver asked for: seconds, or a date.
    ///   - nowMs: The time.
    ///   - chance: From 0 to 1.
    /// - Returns: Milliseconds.
    func delayMs(
        after count: Int64,
        retryAfter: String? = nil,
        nowMs: Int64,
        chance: Double = .random(in: 0...1)
    ) -> Int64 {
        let whole = min(Self.firstDelayMs << min(count - 1, 20), Self.longestDelayMs)
        let delay = whole / 2 + Int64(Double(whole / 2) * chance)
        return max(delay, min(Self.wishMs(retryAfter, nowMs: nowMs), Self.longestRetryAfterMs))
    }

    private static func wishMs(_ text: String?, nowMs: Int64) -> Int64 {
        guard let text else { return 0 }
        if let seconds = Int64(text) { return min(max(seconds, 0), 1_000_000) * 1_000 }
        return HTTPDate(text).map { $0.epochSeconds * 1_000 - nowMs } ?? 0
    }
}
