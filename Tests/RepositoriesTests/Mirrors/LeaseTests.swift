import Synchronization
import Testing

@testable import Repositories

@Suite struct LeaseTests {
    private struct Broken: Error {}

    @Test func `a renewal that breaks is tried again while the lease lasts`() async {
        let calls = Mutex(0)

        await #expect(throws: CancellationError.self) {
            try await hold(forMs: 600_000) {
                let call = calls.withLock { calls in
                    calls += 1
                    return calls
                }
                if call < 3 { throw Broken() }
                return false
            }
        }

        #expect(calls.withLock { $0 } == 3)
    }

    @Test func `what nobody could renew ends with the lease`() async {
        await #expect(throws: Broken.self) { try await hold(forMs: 40) { throw Broken() } }
    }

    private func hold(forMs leaseMs: Int64, renewing renew: @Sendable () async throws -> Bool) async throws {
        try await Lease.hold(forMs: leaseMs, pause: .milliseconds(20), renewing: renew)
    }
}
