import Database

extension Webhooks {
    /// How the queue stands, for who looks after the server, which the surface has checked.
    package var deliveryBoard: DeliveryBoard { DeliveryBoard(database: database) }
}

/// The queue of the webhooks of all workspaces, as a whole.
package struct DeliveryBoard: Sendable {
    /// As many are counted; a queue that is longer is too long.
    package static let mostCounted = 10_000
    private static let mostListed = 500

    let database: any Database

    package struct State: Sendable {
        /// At most `mostCounted`.
        package let pendingCount: Int
        /// When the oldest that waits was queued.
        package let oldestMs: Int64?
        /// Those that wait or were given up, the latest first.
        package let unfinished: [Unfinished]
    }

    /// A delivery that waits, or that was given up.
    package struct Unfinished: Sendable {
        /// Its name; empty for one of a repository.
        package let webhook: String
        package let event: String
        package let isGivenUp: Bool
        package let attempts: Int64
        package let queuedMs: Int64
        package let finishedMs: Int64?
        package let error: String
    }

    /// - Throws: `DatabaseError` where the database fails.
    package func state() async throws -> State {
        try await database.read { connection in
            let pending = try connection.first(
                """
                SELECT COUNT(*), MIN(queued_ms)
                FROM (SELECT queued_ms FROM webhook_deliveries WHERE status = 'PENDING' LIMIT \(Self.mostCounted)) p
                """
            ) { (Int($0.int(0)), $0.optionalInt(1)) }
            // Only among the newest, so that a long log is not walked through.
            let unfinished = try connection.rows(
                """
                SELECT w.name, d.event, d.status, d.attempts, d.queued_ms, d.finished_ms, COALESCE(d.error, '')
                FROM (
                    SELECT webhook_key, event, status, attempts, queued_ms, finished_ms, error, delivery_key
                    FROM webhook_deliveries ORDER BY delivery_key DESC LIMIT \(Self.mostCounted)
                ) d
                JOIN webhooks w ON w.webhook_key = d.webhook_key
                WHERE d.status IN ('FAILED', 'PENDING')
                ORDER BY d.delivery_key DESC
                LIMIT \(Self.mostListed)
                """
            ) {
                Unfinished(
                    webhook: $0.text(0),
                    event: $0.text(1),
                    isGivenUp: $0.text(2) == "FAILED",
                    attempts: $0.int(3),
                    queuedMs: $0.int(4),
                    finishedMs: $0.optionalInt(5),
                    error: $0.text(6)
                )
            }
            return State(pendingCount: pending?.0 ?? 0, oldestMs: pending?.1, unfinished: unfinished)
        }
    }
}
