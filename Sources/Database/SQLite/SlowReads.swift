import Synchronization

/// Which reads were not done in a moment lately, so that they are not tried in a hurry again and again.
///
/// They are forgotten after two seconds: a search may be quick once its names are sorted, or its pages are in memory.
final class SlowReads: Sendable {
    private let forgotten = Mutex<[String: ContinuousClock.Instant]>([:])

    private static let memory = Duration.seconds(2)
    /// So many are remembered; then all are forgotten.
    private static let most = 1_000

    func contains(_ mark: String) -> Bool {
        forgotten.withLock { forgotten in
            guard let end = forgotten[mark] else { return false }
            if ContinuousClock.now < end { return true }
            forgotten[mark] = nil
            return false
        }
    }

    func insert(_ mark: String) {
        forgotten.withLock { forgotten in
            if forgotten.count >= Self.most { forgotten = [:] }
            forgotten[mark] = ContinuousClock.now + Self.memory
        }
    }
}
