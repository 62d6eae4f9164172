import Core
import Registry
import Synchronization
import Testing

@testable import API

private let verification = Verification(
    name: "iris",
    version: 1,
    source: "models:/m-1",
    signature: .waiting
)

private final class Counter: Sendable {
    let count = Mutex(0)
}

@Suite struct VerificationTurnsTests {
    private func subject(_ version: Int64) -> VerificationTurns.Subject {
        VerificationTurns.Subject(
            workspace: .standard,
            reach: nil,
            name: "iris",
            version: version,
            keyID: nil
        )
    }

    @Test func `who asks while a version is verified is told what came of it`() async throws {
        let turns = VerificationTurns()
        let (begun, beginning) = AsyncStream.makeStream(of: Void.self)
        let (gate, opening) = AsyncStream.makeStream(of: Void.self)
        let counter = Counter()

        async let first = turns.verify(subject(1)) {
            counter.count.withLock { $0 += 1 }
            beginning.finish()
            for await _ in gate {}
            return verification
        }
        for await _ in begun {}
        async let second = turns.verify(subject(1)) {
            counter.count.withLock { $0 += 1 }
            return verification
        }
        try await wait { await turns.waitingCount == 1 }
        opening.finish()

        _ = try await (first, second)
        #expect(counter.count.withLock { $0 } == 1)
        // What was found is not kept: the files may have changed since.
        _ = try await turns.verify(subject(1)) {
            counter.count.withLock { $0 += 1 }
            return verification
        }
        #expect(counter.count.withLock { $0 } == 2)
    }

    @Test func `two versions are verified at once, and what fails makes room`() async throws {
        let turns = VerificationTurns()
        let (gate, opening) = AsyncStream.makeStream(of: Void.self)
        let most = Counter()
        let running = Counter()

        try await withThrowingTaskGroup(of: Void.self) { group in
            for version in 1...Int64(6) {
                let subject = subject(version)
                group.addTask {
                    _ = try? await turns.verify(subject) {
                        let now = running.count.withLock { running in
                            running += 1
                            return running
                        }
                        most.count.withLock { $0 = max($0, now) }
                        for await _ in gate {}
                        running.count.withLock { $0 -= 1 }
                        if version % 2 == 0 { throw Failure.invalid("no") }
                        return verification
                    }
                }
            }
            try await wait { await turns.waitingCount == 4 }
            opening.finish()
            try await group.waitForAll()
        }

        #expect(most.count.withLock { $0 } == 2)
    }

    @Test func `who is gone waits no longer`() async throws {
        let turns = VerificationTurns()
        let (gate, opening) = AsyncStream.makeStream(of: Void.self)
        let (begun, beginning) = AsyncStream.makeStream(of: Void.self)
        async let first = turns.verify(subject(1)) {
            beginning.finish()
            for await _ in gate {}
            return verification
        }
        for await _ in begun {}
        let subject = subject(1)
        let second = Task { try await turns.verify(subject) { verification } }
        try await wait { await turns.waitingCount == 1 }

        second.cancel()
        await #expect(throws: CancellationError.self) { try await second.value }
        opening.finish()
        _ = try await first
    }

    private func wait(until isSo: () async -> Bool) async throws {
        let end = ContinuousClock.now + .seconds(30)
        while await !isSo() {
            try #require(ContinuousClock.now < end)
            await Task.yield()
        }
    }
}
