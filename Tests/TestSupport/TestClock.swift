package import Core
import Synchronization

/// A clock that a test moves; it starts at 1 000.
package final class TestClock: Sendable {
    private let time = Mutex<Int64>(1_000)

    package init() {}

    package var clock: Clock { Clock { self.time.withLock { $0 } } }

    package func advance(byMs ms: Int64) { time.withLock { $0 += ms } }
}
