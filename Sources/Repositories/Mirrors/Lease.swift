/// What one of several servers has for a time, and holds for longer while it is at work.
enum Lease {
    /// Renews a lease until somebody else has it, or nobody knows any more who has.
    ///
    /// What has taken an hour does not end because the database was away for a moment: a renewal that breaks is tried again
    /// as long as the lease lasts.
    ///
    /// - Parameters:
    ///   - leaseMs: How long it lasts from each renewal on.
    ///   - pause: How long after each; nil for a quarter of the lease.
    ///   - renew: Renews it and says whether it was still ours.
    /// - Throws: `CancellationError` where it was not; what `renew` throws where the lease is over by then.
    static func hold(
        forMs leaseMs: Int64,
        pause: Duration? = nil,
        renewing renew: @Sendable () async throws -> Bool
    ) async throws -> Never {
        var end = ContinuousClock.now + .milliseconds(leaseMs)
        while true {
            try await Task.sleep(for: pause ?? .milliseconds(leaseMs / 4))
            let asked = ContinuousClock.now
            do {
                guard try await renew() else { throw CancellationError() }
                end = asked + .milliseconds(leaseMs)
            } catch let error where !(error is CancellationError) {
                guard .now < end else { throw error }
            }
        }
    }
}
