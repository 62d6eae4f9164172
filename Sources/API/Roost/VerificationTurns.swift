import Core

/// Has each version verified once at a time, and few versions at once: every byte of them is read again.
///
/// Security: whoever may read versions may ask for that as often as they like. Who asks for one while it is verified
/// already waits, and is told what came of it.
actor VerificationTurns {
    /// What makes two verifications one.
    struct Subject: Hashable, Sendable {
        let workspace: WorkspaceID
        let reach: Reach?
        let name: String
        let version: Int64
        let keyID: String?
    }

    private enum Word {
        case found(Verification)
        /// It may be one's turn.
        case again
    }

    private struct Waiting {
        let ticket: Int
        let subject: Subject
        let continuation: CheckedContinuation<Word, any Error>
    }

    private static let mostAtOnce = 2
    private static let mostWaiting = 128

    private var running: Set<Subject> = []
    private var waiting: [Waiting] = []
    private var nextTicket = 0

    /// How many wait.
    var waitingCount: Int { waiting.count }

    /// Verifies when there is a turn for it, or waits for who verifies the same.
    ///
    /// - Parameters:
    ///   - subject: What is verified.
    ///   - work: Verifies it.
    /// - Returns: What was found.
    /// - Throws: `Failure.unavailable` where too many wait already, `CancellationError` where the caller is gone before its
    ///   turn comes, and what the work throws.
    nonisolated func verify(
        _ subject: Subject,
        _ work: () async throws -> Verification
    ) async throws -> Verification {
        if let found = try await enter(subject) { return found }
        do {
            let found = try await work()
            await leave(subject, found)
            return found
        } catch {
            await leave(subject, nil)
            throw error
        }
    }

    /// Waits for a turn.
    ///
    /// - Returns: What somebody else found meanwhile; nil where it is one's turn.
    private func enter(_ subject: Subject) async throws -> Verification? {
        while running.contains(subject) || running.count >= Self.mostAtOnce {
            if case .found(let found) = try await word(for: subject) { return found }
        }
        running.insert(subject)
        return nil
    }

    private func word(for subject: Subject) async throws -> Word {
        guard waiting.count < Self.mostWaiting else {
            throw Failure.unavailable("Too many versions are verified at the moment: try again in a while.")
        }
        let ticket = nextTicket
        nextTicket += 1
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation {
                (continuation: CheckedContinuation<Word, any Error>) in
                if Task.isCancelled {
                    continuation.resume(throwing: CancellationError())
                } else {
                    waiting.append(Waiting(ticket: ticket, subject: subject, continuation: continuation))
                }
            }
        } onCancel: {
            Task { await self.giveUp(ticket) }
        }
    }

    /// All are woken, since a turn may be for each of them; those whose it is not wait again.
    private func leave(_ subject: Subject, _ found: Verification?) {
        running.remove(subject)
        let woken = waiting
        waiting = []
        for one in woken {
            if let found, one.subject == subject {
                one.continuation.resume(returning: .found(found))
            } else {
                one.continuation.resume(returning: .again)
            }
        }
    }

    private func giveUp(_ ticket: Int) {
        guard let index = waiting.firstIndex(where: { $0.ticket == ticket }) else { return }
        waiting.remove(at: index).continuation.resume(throwing: CancellationError())
    }
}
