import Core
package import Database
import Outbound
import Synchronization

/// Delivers what is queued for webhooks, for as long as a server runs.
///
/// It sleeps until a commit of this process queues something or something is due; what another process has queued, a
/// command or another server, it finds within five seconds. Each webhook has one request under way, so one that hangs holds up no other.
package final class WebhookCourier: Sendable {
    /// What a person, or what counts, may want to know of.
    package enum Note: Sendable {
        case delivered
        /// An attempt that is made again.
        case failed
        case givenUp(webhookID: String, deliveryID: String, reason: String)
        /// So much of what waited was given up without an attempt.
        case trimmed(webhookID: String, count: Int, reason: String)
        /// How much waits for the webhooks of the database, told every few seconds.
        case waiting(count: Int64)
        /// The database failed; the courier goes on.
        case trouble(any Error)
    }

    private let means: WebhookMeans
    private let queue: DeliveryQueue
    private let note: @Sendable (Note) -> Void
    private let state = Mutex(State())

    private struct State {
        var isStopping = false
        var underWay = 0
        /// What had no answer when the server stopped.
        var cutOff: [DeliveryQueue.Attempt] = []
    }

    /// How many requests are under way at the most.
    private static let mostUnderWay = 32
    private static let longestSleepMs: Int64 = 5_000
    /// What is due and held by another server is not asked for in a tight loop.
    private static let shortestSleepMs: Int64 = 50
    private static let forgetEveryMs: Int64 = 3_600_000
    private static let trimEveryMs: Int64 = 60_000
    private static let busyDelayMs: Int64 = 5_000
    private static let patience = Duration.seconds(5)

    /// - Parameters:
    ///   - database: Where they are queued.
    ///   - means: What it delivers with.
    ///   - note: Told of what nobody waits for.
    package init(
        _ database: any Database,
        _ means: WebhookMeans,
        note: @escaping @Sendable (Note) -> Void
    ) {
        self.means = means
        queue = DeliveryQueue(database: database)
        self.note = note
    }

    /// Delivers until it is told to stop; what is under way then has some seconds to end.
    ///
    /// What does not end in time is due again at once, for whichever server is there next.
    package func run() async {
        await withDiscardingTaskGroup { group in
            var (forgetMs, trimMs, countMs): (Int64, Int64, Int64) = (0, 0, 0)
            while !state.withLock({ $0.isStopping }), !Task.isCancelled {
                let free = Self.mostUnderWay - state.withLock { $0.underWay }
                var sleepMs = Self.longestSleepMs
                do {
                    let round = try await queue.take(atMost: free)
                    for attempt in round.attempts {
                        state.withLock { $0.underWay += 1 }
                        group.addTask { await self.deliver(attempt) }
                    }
                    if round.nowMs >= trimMs {
                        try await trim()
                        trimMs = round.nowMs + Self.trimEveryMs
                    }
                    if round.nowMs >= countMs {
                        note(.waiting(count: try await queue.countWaiting()))
                        countMs = round.nowMs + Self.longestSleepMs
                    }
                    if round.nowMs >= forgetMs {
                        try await queue.forgetOld()
                        forgetMs = round.nowMs + Self.forgetEveryMs
                    }
                    if let due = round.nextDueMs, free > 0 {
                        sleepMs = min(max(due - round.nowMs, Self.shortestSleepMs), sleepMs)
                    }
                } catch {
                    // What was cancelled with the server is no trouble.
                    if !Task.isCancelled { note(.trouble(error)) }
                }
                await means.bell.wait(atMost: .milliseconds(sleepMs))
            }
            await finish()
            group.cancelAll()
        }
        await giveBack()
    }

    /// Begins nothing more.
    package func stop() {
        state.withLock { $0.isStopping = true }
        means.bell.ring()
    }

    private func trim() async throws {
        for (webhookID, count) in try await queue.trim() {
            note(.trimmed(webhookID: webhookID, count: count, reason: DeliveryQueue.tooMany))
        }
    }

    private func finish() async {
        let end = ContinuousClock.now + Self.patience
        while state.withLock({ $0.underWay }) > 0, ContinuousClock.now < end {
            await means.bell.wait(atMost: end - .now)
        }
    }

    private func giveBack() async {
        for attempt in state.withLock({ $0.cutOff }) {
            do {
                try await queue.finish(
                    attempt,
                    .retry(afterMs: 0, status: nil, error: "The server stopped before there was an answer.")
                )
            } catch {
                note(.trouble(error))
            }
        }
    }

    private func deliver(_ attempt: DeliveryQueue.Attempt) async {
        do {
            let outcome = try await outcomeWhileHeld(attempt)
            let end = try await queue.finish(attempt, outcome)
            if end.isOurs { tell(outcome, of: attempt) }
            if end.others > 0 {
                let webhookID = attempt.receiver.webhookID
                note(.trimmed(webhookID: webhookID, count: end.others, reason: DeliveryQueue.tooOld))
            }
        } catch is CancellationError {
            state.withLock { $0.cutOff.append(attempt) }
        } catch {
            note(.trouble(error))
        }
        state.withLock { $0.underWay -= 1 }
        means.bell.ring()
    }

    private func outcomeWhileHeld(
        _ attempt: DeliveryQueue.Attempt
    ) async throws -> DeliveryQueue.Outcome {
        try await withThrowingTaskGroup(of: DeliveryQueue.Outcome?.self) { group in
            group.addTask { try await self.outcome(of: attempt) }
            group.addTask {
                await self.hold(attempt)
                return nil
            }
            defer { group.cancelAll() }
            while let ended = try await group.next() {
                if let outcome = ended { return outcome }
            }
            throw CancellationError()
        }
    }

    /// Holds on to an attempt until it is cancelled, or another server has taken it.
    private func hold(_ attempt: DeliveryQueue.Attempt) async {
        while true {
            do {
                try await Task.sleep(for: .milliseconds(DeliveryQueue.renewalMs))
                guard try await queue.renew(attempt) else { return }
            } catch is CancellationError {
                return
            } catch {
                note(.trouble(error))
            }
        }
    }

    private func tell(_ outcome: DeliveryQueue.Outcome, of attempt: DeliveryQueue.Attempt) {
        switch outcome {
        case .delivered: note(.delivered)
        case .retry: note(.failed)
        case .postponed: break
        case .givenUp(_, let reason, _):
            note(
                .givenUp(
                    webhookID: attempt.receiver.webhookID,
                    deliveryID: attempt.deliveryID,
                    reason: reason
                )
            )
        }
    }

    private func outcome(of attempt: DeliveryQueue.Attempt) async throws -> DeliveryQueue.Outcome {
        do {
            let answer = try await WebhookSender(means: means).send(
                attempt.body,
                of: attempt.event,
                id: attempt.deliveryID,
                to: attempt.receiver,
                atMs: attempt.atMs
            )
            return outcome(of: attempt, answer)
        } catch let error as OutboundError {
            if error == .busy { return .postponed(afterMs: Self.busyDelayMs, error: "\(error)") }
            guard error.isPassing else { return .givenUp(status: nil, error: "\(error)", isOld: false) }
            return again(attempt, status: nil, retryAfter: nil, "\(error)")
        } catch let failure as Failure {
            // Another server may have the key, or somebody brings it.
            return again(attempt, status: nil, retryAfter: nil, failure.message)
        } catch let error where !(error is CancellationError) {
            // Else it would come back for ever, and nobody could read why.
            note(.trouble(error))
            return again(attempt, status: nil, retryAfter: nil, "Nothing was sent: \(error)")
        }
    }

    private func outcome(
        of attempt: DeliveryQueue.Attempt,
        _ answer: OutboundClient.Answer
    ) -> DeliveryQueue.Outcome {
        switch answer.status {
        case 200..<300:
            .delivered(status: answer.status)
        case 300..<400:
            .givenUp(
                status: answer.status,
                error: "The receiver answered \(answer.status); redirects are not followed.",
                isOld: false
            )
        case 429, 500...:
            again(
                attempt,
                status: answer.status,
                retryAfter: answer.retryAfter,
                "The receiver answered \(answer.status)."
            )
        default:
            .givenUp(
                status: answer.status,
                error: "The receiver answered \(answer.status).",
                isOld: false
            )
        }
    }

    private func again(
        _ attempt: DeliveryQueue.Attempt,
        status: Int?,
        retryAfter: String?,
        _ reason: String
    ) -> DeliveryQueue.Outcome {
        let rule = means.retries
        let ageMs = attempt.atMs - attempt.queuedMs
        guard !attempt.isSentAgain, rule.allowsMore(after: attempt.count, ageMs: ageMs) else {
            return .givenUp(status: status, error: reason, isOld: rule.isOld(ageMs: ageMs))
        }
        let delayMs = rule.delayMs(after: attempt.count, retryAfter: retryAfter, nowMs: attempt.atMs)
        return .retry(afterMs: delayMs, status: status, error: reason)
    }
}
