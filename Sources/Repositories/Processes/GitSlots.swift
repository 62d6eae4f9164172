import Core

/// Lets so many processes run at a time; the others wait in the order in which they came, if they are not too many.
///
/// Security: a client has half of the slots at the most, and half of the places to wait, so that one that reads slowly, or asks
/// without end, keeps nobody else out.
actor GitSlots {
    private static let waitingLimit = 128

    private let share: Int
    private var free: Int
    private var held: [String: Int] = [:]
    private var nextTicket = 0
    private var waiting: [Waiting] = []

    private struct Waiting {
        let ticket: Int
        let client: String?
        let continuation: CheckedContinuation<Void, any Error>
    }

    init(count: Int) {
        free = count
        share = max(1, count / 2)
    }

    /// Runs a body when there is a slot for it.
    ///
    /// - Parameters:
    ///   - client: For whom; nil for the server itself, which has no share.
    ///   - body: What is run.
    /// - Returns: What it returns.
    /// - Throws: `Failure.unavailable` where too many wait already, `CancellationError` where the caller is gone before its
    ///   turn comes, and what the body throws.
    nonisolated func hold<T>(for client: String? = nil, _ body: () async throws -> T) async throws -> T {
        try await enter(client)
        do {
            let result = try await body()
            await leave(client)
            return result
        } catch {
            await leave(client)
            throw error
        }
    }

    private func enter(_ client: String?) async throws {
        guard !mayBegin(client) else { return begin(client) }
        let isCrowding = client != nil && waiting.count { $0.client == client } >= Self.waitingLimit / 2
        guard waiting.count < Self.waitingLimit, !isCrowding else {
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
                    waiting.append(Waiting(ticket: ticket, client: client, continuation: continuation))
                }
            }
        } onCancel: {
            Task { await self.giveUp(ticket) }
        }
    }

    private func mayBegin(_ client: String?) -> Bool {
        free > 0 && (client.map { held[$0, default: 0] < share } ?? true)
    }

    private func begin(_ client: String?) {
        free -= 1
        if let client { held[client, default: 0] += 1 }
    }

    private func leave(_ client: String?) {
        free += 1
        if let client {
            let left = held[client, default: 1] - 1
            held[client] = left > 0 ? left : nil
        }
        while let index = waiting.firstIndex(where: { mayBegin($0.client) }) {
            let next = waiting.remove(at: index)
            begin(next.client)
            next.continuation.resume()
        }
    }

    private func giveUp(_ ticket: Int) {
        guard let index = waiting.firstIndex(where: { $0.ticket == ticket }) else { return }
        waiting.remove(at: index).continuation.resume(throwing: CancellationError())
    }
}
