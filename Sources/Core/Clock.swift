import FoundationEssentials

/// Where the time comes from: epoch milliseconds.
///
/// Tests choose it; everything else uses `system`.
package struct Clock: Sendable {
    package let nowMs: @Sendable () -> Int64

    package init(nowMs: @escaping @Sendable () -> Int64) {
        self.nowMs = nowMs
    }

    package static let system = Clock { Int64((Date().timeIntervalSince1970 * 1_000).rounded(.down)) }
}
