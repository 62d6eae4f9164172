import Core

/// Lets so many processes run at a time; the others wait in the order in which they came, if they are not too many.
actor GitSlots {
    private static let waitingLimit = 128

    private var free: Int
    private var nextTicket = 0
    private var waiting: [(ticket: Int, continuation: CheckedContinuation<Void, any Error>)] = []

    init(count: Int) {
        free = count
    }

    /// Runs a body when there is a slot for it.
    ///
    /// - Throws: `Failure.unavailable` where too many wait already, `CancellationError` where the caller is gone before its
    ///   turn comes, and what the body throws.
    nonisolated func hold<T>(_ body: () async throws -> T) async throws -> T {
        try await enter()
        do {
            let result = try await body()
            await leave()
            return result
        } catch {
            await leave()
            throw error
        }
    }

    private func enter() async throws {
        guard free == 0 else {
            free -= 1
            return
        }
        guard waiting.count < Self.waitingLimit else {
            throw Failure.unavailable("Too many ask for Git at the moment: try again in a while.")
        }
        let ticket = nextTicket
        nextTicket += 1
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation {
                (continuation: CheckedContinuation<Void, any Error>) in
                if Task.isCancelled {
                    continuation.resume(throwing: CancellationError())
                } else {
                    waiting.append((ticket, continuation))
                }
            }
        } onCancel: {
            Task { await self.giveUp(ticket) }
        }
    }

    private func leave() {
        if waiting.isEmpty {
            free += 1
        } else {
            waiting.removeFirst().continuation.resume()
        }
    }

    private func giveUp(_ ticket: Int) {
        guard let index = waiting.firstIndex(where: { $0.ticket == ticket }) else { return }
        waiting.remove(at: index).continuation.resume(throwing: CancellationError())
    }
}
