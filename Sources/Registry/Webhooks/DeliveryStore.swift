import Core
import Database
package import Webhooks

/// The log of what the webhooks of a caller's workspace were told.
package struct DeliveryStore: Sendable {
    let registry: Registry
    let caller: Caller

    private var database: any Database { registry.database }
    private var webhooks: WebhookStore { registry.webhooks(for: caller) }

    /// One page of the deliveries of a webhook, newest first.
    ///
    /// - Parameters:
    ///   - webhookID: The webhook.
    ///   - status: Only those; nil for all.
    ///   - limit: How many at the most.
    ///   - pageToken: Where the page before ended; nil for the first.
    /// - Returns: The deliveries, and the token of the next page.
    /// - Throws: `Failure.missing` for the webhook, `.invalid` for a token that is none.
    package func list(
        of webhookID: String,
        status: DeliveryStatus? = nil,
        limit: Int,
        after pageToken: String? = nil
    ) async throws -> (deliveries: [Delivery], next: String?) {
        try await database.read { connection in
            try log(of: webhookID, in: connection).list(status: status, limit: limit, after: pageToken)
        }
    }

    /// What a delivery carries.
    ///
    /// - Parameters:
    ///   - id: The delivery.
    ///   - webhookID: Its webhook.
    /// - Returns: The delivery, and its body.
    /// - Throws: `Failure.missing`.
    package func get(_ id: String, of webhookID: String) async throws -> (delivery: Delivery, body: String) {
        try await database.read { connection in try log(of: webhookID, in: connection).get(id) }
    }

    /// Queues a delivery once more, behind all that waits; it is tried once.
    ///
    /// - Parameters:
    ///   - id: The delivery.
    ///   - webhookID: Its webhook.
    /// - Returns: The delivery after the change.
    /// - Throws: `Failure.missing`, `.invalidState` for one that is under way.
    package func sendAgain(_ id: String, of webhookID: String) async throws -> Delivery {
        let bell = registry.webhookMeans.bell
        return try await database.write { connection in
            try log(of: webhookID, in: connection).sendAgain(id, bell)
        }
    }

    private func log(of webhookID: String, in connection: any Connection) throws -> DeliveryLog {
        DeliveryLog(of: try webhooks.key(of: webhookID, in: connection), in: connection)
    }
}
