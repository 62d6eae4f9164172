/// What a client may take of the server's time while it speaks Git.
package struct ConversationLimits: Sendable {
    /// How long neither side may say anything.
    let quiet: Duration
    /// How long one may last, whatever is said; longer than anybody waits for one.
    package let longest: Duration
    /// How fast a client must be, over HTTP.
    package let pace: Pace

    /// An honest client meets none of these: a modem of 1990 sends three times as fast.
    package static let standard = ConversationLimits(
        quiet: .seconds(600),
        longest: .seconds(23 * 3_600),
        pace: Pace(bytesPerSecond: 500, over: .seconds(600))
    )

    package init(quiet: Duration, longest: Duration, pace: Pace) {
        self.quiet = quiet
        self.longest = longest
        self.pace = pace
    }
}
