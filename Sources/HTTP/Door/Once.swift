import Synchronization

/// Something that is told once, however often it happens.
final class Once: Sendable {
    private let isOver = Atomic(false)

    /// - Returns: Whether nobody has asked before.
    func isFirst() -> Bool { !isOver.exchange(true, ordering: .relaxed) }
}
