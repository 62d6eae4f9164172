import Synchronization

/// Where attempts from one address wait for one another; those from different addresses do not.
///
/// An attempt counts while it is judged, and what was counted is taken back where it proves right. One after another, none
/// is refused for what others only seem to be, and who waited behind an equal one finds the password known.
final class AttemptLine: Sendable {
    /// How many may wait at an address.
    private static let waitingLimit = 1_024

    private struct Waiting: Sendable {
        let ticket: Int
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var tickets = 0
        /// Who waits at each address from which an attempt is judged.
        var waiting: [String: [Waiting]] = [:]
    }

    private let state = Mutex(State())

    /// Runs a body when no other from the same address runs.
    ///
    /// - Parameters:
    ///   - address: From where the attempt came.
    ///   - body: What is run.
    /// - Returns: What it returns.
    /// - Throws: `TooManyAttempts` where too many wait already, `CancellationError` where the caller is gone before its
    ///   turn comes, and what the body throws.
    func hold<T: Sendable>(_ address: String, _ body: () async throws -> T) async throws -> T {
        try await enter(address)
        defer { leave(address) }
        return try await body()
    }

    private func enter(_ address: String) async throws {
        let ticket = state.withLock { state in
            state.tickets += 1
            return state.tickets
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation {
                (continuation: CheckedContinuation<Void, any Error>) in
                let told = answer(to: Waiting(ticket: ticket, continuation: continuation), at: address)
                if let told { continuation.resume(with: told) }
            }
        } onCancel: {
            giveUp(ticket, at: address)
        }
    }

    /// What somebody is told at once; nil where they wait.
    private func answer(to waiting: Waiting, at address: String) -> Result<Void, any Error>? {
        state.withLock { state -> Result<Void, any Error>? in
            if Task.isCancelled { return .failure(CancellationError()) }
            guard let others = state.waiting[address] else {
                state.waiting[address] = []
                return .success(())
            }
            guard others.count < Self.waitingLimit else {
                return .failure(TooManyAttempts(retryAfterSeconds: 5))
            }
            state.waiting[address]?.append(waiting)
            return nil
        }
    }

    private func leave(_ address: String) {
        let next = state.withLock { state -> Waiting? in
            guard var others = state.waiting[address], !others.isEmpty else {
                state.waiting[address] = nil
                return nil
            }
            let next = others.removeFirst()
            state.waiting[address] = others
            return next
        }
        next?.continuation.resume()
    }

    private func giveUp(_ ticket: Int, at address: String) {
        let one = state.withLock { state -> Waiting? in
            guard let index = state.waiting[address]?.firstIndex(where: { $0.ticket == ticket }) else {
                return nil
            }
            return state.waiting[address]?.remove(at: index)
        }
        one?.continuation.resume(throwing: CancellationError())
    }
}
