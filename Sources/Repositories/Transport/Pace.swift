/// How fast somebody sends, or takes, at the least: an average over the time in which it is they who are waited for.
///
/// Security: who sends a byte now and then is never silent for long, and would hold a process for as long as they like. What
/// the server itself takes to compute counts for nobody.
package struct Pace: Sendable, Hashable {
    private let bytesPerSecond: Double
    /// Waits shorter than this in all are not judged.
    private let window: Duration

    package init(bytesPerSecond: Double, over window: Duration) {
        self.bytesPerSecond = bytesPerSecond
        self.window = window
    }

    /// Measures one direction of a conversation.
    package struct Meter {
        private let pace: Pace
        private var waited = Duration.zero
        private var bytes = 0

        package init(_ pace: Pace) {
            self.pace = pace
        }

        /// Takes note of some bytes, and of how long they were waited for.
        ///
        /// - Throws: `SlowClient` where too few have come in too long.
        package mutating func note(_ count: Int, after wait: Duration) throws(SlowClient) {
            waited += wait
            bytes += count
            guard waited >= pace.window else { return }
            guard Double(bytes) >= pace.bytesPerSecond * (waited / .seconds(1)) else {
                throw SlowClient(bytes: bytes, waited: waited)
            }
            (waited, bytes) = (.zero, 0)
        }
    }
}

/// A client that is given up, since it is too slow for anybody to wait for.
package struct SlowClient: Error, Hashable, CustomStringConvertible {
    let bytes: Int
    let waited: Duration

    package var description: String { "the client moved \(bytes) bytes in \(waited)" }
}
