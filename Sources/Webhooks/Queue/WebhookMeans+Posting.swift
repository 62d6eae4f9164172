import Core
package import Database

extension WebhookMeans {
    /// Queues what happened for some webhooks, in the transaction that did it or that found it in the log.
    ///
    /// - Parameters:
    ///   - event: What happened, in the words of their kind.
    ///   - body: What they are told.
    ///   - webhooks: Their keys.
    ///   - connection: The transaction.
    /// - Throws: `DatabaseError` where the database fails.
    package func post(
        _ event: String,
        _ body: String,
        to webhooks: [Int64],
        in connection: any Connection
    ) throws {
        let dueMs = try connection.sharedNowMs()
        try connection.insert(
            into: "webhook_deliveries",
            [
                "webhook_key", "delivery_id", "event", "body", "status", "attempts", "attempts_before",
                "created_ms", "queued_ms", "due_ms",
            ],
            values: webhooks.flatMap { key in
                [
                    .integer(key), .text(RandomID.uuid()), .text(event), .text(body),
                    .text(DeliveryStatus.pending.rawValue), .integer(0), .integer(0),
                    .integer(connection.nowMs), .integer(connection.nowMs), .integer(dueMs),
                ] as [Value]
            }
        )
        let bell = bell
        connection.afterCommit { bell.ring() }
    }
}
