import Core
import Dispatch
import Synchronization

/// Where passwords are hashed: two at a time, on threads of their own, because each takes a while and much memory.
final class PasswordMill: Sendable {
    /// How many may wait; more is an attack, or a crowd that is better told to come again.
    private static let waitingLimit = 64

    let cost: PasswordCost
    private let queues = [DispatchQueue(label: "passwords 1"), DispatchQueue(label: "passwords 2")]
    private let waiting = Mutex(0)
    private let turn = Atomic<Int>(0)

    init(cost: PasswordCost) {
        self.cost = cost
    }

    func hash(_ password: String) async throws -> PasswordHash {
        try await run { [cost] in try PasswordHash(of: password, cost: cost) }
    }

    /// Compares a password with what is kept of it; with nothing kept it takes as long and does not match.
    func matches(_ password: String, _ stored: String?) async throws -> Bool {
        try await run { [cost] in
            guard let stored else {
                // Security: an unknown login is answered as late as a known one.
                _ = try PasswordHash(of: password, cost: cost)
                return false
            }
            return try PasswordHash(text: stored).matches(password)
        }
    }

    private func run<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
        let isFull = waiting.withLock { waiting in
            guard waiting < Self.waitingLimit else { return true }
            waiting += 1
            return false
        }
        guard !isFull else { throw TooManyAttempts(retryAfterSeconds: 5) }
        defer { waiting.withLock { $0 -= 1 } }
        let index = turn.wrappingAdd(1, ordering: .relaxed).oldValue & 1
        return try await withCheckedThrowingContinuation { continuation in
            queues[index].async { continuation.resume(with: Result { try body() }) }
        }
    }
}

/// Somebody asks for more sign-ins than is decent.
package struct TooManyAttempts: Error, Sendable, Hashable {
    package let retryAfterSeconds: Int

    package init(retryAfterSeconds: Int) {
        self.retryAfterSeconds = retryAfterSeconds
    }
}
