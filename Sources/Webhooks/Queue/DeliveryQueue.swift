import Core
import Database

/// The queue of all workspaces, from which several servers on one database may take.
///
/// A webhook is told one thing after the other, in the order in which they were queued: only the oldest that is pending is
/// taken. Whoever takes it puts off when it is due by some seconds, and again while the attempt is under way, so that it
/// comes back by itself soon after a server dies, and nobody else takes it meanwhile. When something is due is judged by the
/// clock of the database, since the servers' own may differ.
struct DeliveryQueue: Sendable {
    let database: any Database

    /// For how long what was taken is held, unless it is held on to: long enough that a slow database is not taken for the
    /// death of a server.
    static let leaseMs: Int64 = 15_000
    /// How often what is under way is held on to.
    static let renewalMs: Int64 = 4_000
    /// How much may wait for a webhook.
    static let mostPending: Int64 = 10_000
    /// How long the log keeps what was delivered or given up.
    private static let keptMs: Int64 = 30 * 86_400_000

    /// An attempt that somebody has begun.
    struct Attempt: Sendable {
        let key: Int64
        let deliveryID: String
        let event: String
        let body: String
        let receiver: WebhookSender.Receiver
        /// Counted from the first of the delivery; says later whether this attempt is still the last.
        let number: Int64
        /// Counted from when the delivery was queued last.
        let count: Int64
        let queuedMs: Int64
        /// Somebody asked for it once more; it is tried once, so that what is new does not wait for what is old.
        var isSentAgain: Bool { number > count }
        let atMs: Int64
    }

    /// What was taken, and when there will be more.
    struct Round: Sendable {
        let attempts: [Attempt]
        /// By the clock of the database, as the next.
        let nowMs: Int64
        /// Nil where nothing waits.
        let nextDueMs: Int64?
    }

    /// How an attempt ended.
    enum Outcome: Sendable, Hashable {
        case delivered(status: Int)
        case retry(afterMs: Int64, status: Int?, error: String)
        /// Nobody was asked; it does not count.
        case postponed(afterMs: Int64, error: String)
        /// `isOld` where it waited too long; then what waited as long behind it ends, too.
        case givenUp(status: Int?, error: String, isOld: Bool)
    }

    /// Takes what is due.
    ///
    /// - Parameter limit: How many at the most.
    /// - Returns: The attempts, each of another webhook.
    /// - Throws: `DatabaseError` where the database fails.
    func take(atMost limit: Int) async throws -> Round {
        try await database.write { connection in
            let nowMs = try connection.sharedNowMs()
            let keys = try connection.rows(
                """
                SELECT delivery_key FROM webhook_deliveries
                WHERE status = 'PENDING' AND due_ms <= \(nowMs) AND delivery_key IN (\(Self.oldest))
                ORDER BY due_ms, delivery_key
                LIMIT \(limit) \(.skipLocked)
                """
            ) { $0.int(0) }
            if !keys.isEmpty {
                try connection.execute(
                    """
                    UPDATE webhook_deliveries
                    SET attempts = attempts + 1, last_attempt_ms = \(connection.nowMs),
                        due_ms = \(nowMs + Self.leaseMs)
                    WHERE delivery_key \(anyOf: keys)
                    """
                )
            }
            let nextDueMs = try connection.first(
                "SELECT MIN(due_ms) FROM webhook_deliveries WHERE delivery_key IN (\(Self.oldest))"
            ) { $0.optionalInt(0) }
            return Round(
                attempts: try load(keys, in: connection),
                nowMs: nowMs,
                nextDueMs: nextDueMs.flatMap(\.self)
            )
        }
    }

    /// Holds on to an attempt that is still under way.
    ///
    /// - Parameter attempt: The attempt.
    /// - Returns: Whether it is still the last of its delivery.
    /// - Throws: `DatabaseError` where the database fails.
    func renew(_ attempt: Attempt) async throws -> Bool {
        try await database.write { connection in
            try connection.execute(
                """
                UPDATE webhook_deliveries SET due_ms = \(try connection.sharedNowMs() + Self.leaseMs)
                WHERE delivery_key = \(attempt.key) AND status = 'PENDING' AND attempts = \(attempt.number)
                """
            ) == 1
        }
    }

    /// Writes how an attempt ended; one that somebody else has begun anew meanwhile is left to them.
    ///
    /// - Parameters:
    ///   - attempt: The attempt.
    ///   - outcome: How it ended.
    /// - Returns: Whether it was written, and how many that waited as long behind it ended with it.
    /// - Throws: `DatabaseError` where the database fails.
    @discardableResult
    func finish(_ attempt: Attempt, _ outcome: Outcome) async throws -> (isOurs: Bool, others: Int) {
        try await database.write { connection in
            let changes: SQL =
                switch outcome {
                case .delivered(let status):
                    """
                    status = 'DELIVERED', finished_ms = \(connection.nowMs), response_status = \(Int64(status)),
                    error = NULL
                    """
                case .retry(let afterMs, let status, let error):
                    """
                    due_ms = \(try connection.sharedNowMs() + afterMs), response_status = \(status.map(Int64.init)),
                    error = \(error)
                    """
                case .postponed(let afterMs, let error):
                    "due_ms = \(try connection.sharedNowMs() + afterMs), attempts = attempts - 1, error = \(error)"
                case .givenUp(let status, let error, _):
                    """
                    status = 'FAILED', finished_ms = \(connection.nowMs),
                    response_status = \(status.map(Int64.init)), error = \(error)
                    """
                }
            let isOurs = try connection.execute(
                """
                UPDATE webhook_deliveries SET \(changes)
                WHERE delivery_key = \(attempt.key) AND status = 'PENDING' AND attempts = \(attempt.number)
                """
            )
            guard isOurs == 1, case .givenUp(_, _, isOld: true) = outcome else { return (isOurs == 1, 0) }
            let others = try connection.execute(
                """
                UPDATE webhook_deliveries
                SET status = 'FAILED', finished_ms = \(connection.nowMs), error = \(Self.tooOld)
                WHERE webhook_key = (SELECT webhook_key FROM webhook_deliveries WHERE delivery_key = \(attempt.key))
                    AND status = 'PENDING' AND queued_ms <= \(connection.nowMs - RetryRule.longestWaitMs)
                """
            )
            return (true, others)
        }
    }

    static let tooOld = "It waited for more than a day."

    /// How much waits for webhooks that are there, also for those that are disabled.
    func countWaiting() async throws -> Int64 {
        try await database.read { connection in
            try connection.first("SELECT COUNT(*) FROM webhook_deliveries WHERE status = 'PENDING'") {
                $0.int(0)
            } ?? 0
        }
    }

    /// Ends what waits for deleted webhooks, also what was queued while they were deleted, and the oldest of what is too much.
    ///
    /// - Parameter most: How much may wait for a webhook.
    /// - Returns: For which webhooks something was given up, and how much.
    /// - Throws: `DatabaseError` where the database fails.
    func trim(toMost most: Int64 = Self.mostPending) async throws -> [(webhookID: String, count: Int)] {
        try await database.write { connection in
            try connection.execute(
                """
                UPDATE webhook_deliveries
                SET status = 'FAILED', finished_ms = \(connection.nowMs), error = 'The webhook was deleted.'
                WHERE status = 'PENDING'
                    AND webhook_key IN (SELECT webhook_key FROM webhooks WHERE deleted_time IS NOT NULL)
                """
            )
            let bounds = try connection.rows(
                """
                SELECT w.webhook_key, w.webhook_id, (
                    SELECT d.delivery_key FROM webhook_deliveries d
                    WHERE d.webhook_key = w.webhook_key AND d.status = 'PENDING'
                    ORDER BY d.delivery_key DESC
                    LIMIT 1 OFFSET \(most)
                )
                FROM webhooks w
                WHERE w.deleted_time IS NULL
                ORDER BY w.webhook_key
                """
            ) { (key: $0.int(0), id: $0.text(1), bound: $0.optionalInt(2)) }
            var trimmed: [(webhookID: String, count: Int)] = []
            for webhook in bounds {
                guard let bound = webhook.bound else { continue }
                let count = try connection.execute(
                    """
                    UPDATE webhook_deliveries
                    SET status = 'FAILED', finished_ms = \(connection.nowMs), error = \(Self.tooMany)
                    WHERE webhook_key = \(webhook.key) AND status = 'PENDING' AND delivery_key <= \(bound)
                    """
                )
                trimmed.append((webhook.id, count))
            }
            return trimmed
        }
    }

    static let tooMany =
        "More than \(mostPending) deliveries waited for the webhook; the oldest are given up."

    /// Forgets what ended more than thirty days ago.
    func forgetOld() async throws {
        try await database.write { connection in
            _ = try connection.execute(
                "DELETE FROM webhook_deliveries WHERE finished_ms < \(connection.nowMs - Self.keptMs)"
            )
        }
    }

    /// The oldest pending delivery of each webhook: one step into an index for each, however much waits.
    private static let oldest: SQL = """
        SELECT (
            SELECT MIN(d.delivery_key) FROM webhook_deliveries d
            WHERE d.webhook_key = w.webhook_key AND d.status = 'PENDING'
        )
        FROM webhooks w
        WHERE w.status = 'ACTIVE' AND w.deleted_time IS NULL
        """

    private func load(_ keys: [Int64], in connection: any Connection) throws -> [Attempt] {
        guard !keys.isEmpty else { return [] }
        return try connection.rows(
            """
            SELECT d.delivery_key, d.delivery_id, d.body, w.webhook_id, w.url, w.secret, d.attempts,
                d.attempts - d.attempts_before, d.queued_ms, d.event, w.kind, w.content_type
            FROM webhook_deliveries d JOIN webhooks w ON w.webhook_key = d.webhook_key
            WHERE d.delivery_key \(anyOf: keys)
            ORDER BY d.delivery_key
            """
        ) {
            Attempt(
                key: $0.int(0),
                deliveryID: $0.text(1),
                event: $0.text(9),
                body: $0.text(2),
                receiver: WebhookSender.Receiver(
                    webhookID: $0.text(3),
                    url: $0.text(4),
                    secret: $0.isNull(5) ? nil : $0.blob(5),
                    kind: try WebhookKind(stored: $0.text(10)),
                    contentType: WebhookContentType(rawValue: $0.text(11)) ?? .json
                ),
                number: $0.int(6),
                count: $0.int(7),
                queuedMs: $0.int(8),
                atMs: connection.nowMs
            )
        }
    }
}
