internal import Synchronization

/// Whether a server has ever answered a client or one of its copies.
final class Contact: Sendable {
    private let state = Mutex(false)

    var isMade: Bool { state.withLock { $0 } }

    func make() { state.withLock { $0 = true } }
}
