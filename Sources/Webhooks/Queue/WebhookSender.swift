import Core
package import Outbound

/// Sends one signed delivery.
package struct WebhookSender: Sendable {
    let means: WebhookMeans

    package init(means: WebhookMeans) {
        self.means = means
    }

    /// Where a delivery goes, and what signs it.
    package struct Receiver: Sendable {
        let webhookID: String
        let url: String
        let secret: [UInt8]?

        package init(webhookID: String, url: String, secret: [UInt8]?) {
            self.webhookID = webhookID
            self.url = url
            self.secret = secret
        }
    }

    /// - Parameters:
    ///   - body: The JSON.
    ///   - id: The same for each attempt of a delivery.
    ///   - receiver: Where to.
    ///   - atMs: The time of the attempt, which receivers hold against their own.
    /// - Returns: What is known of the answer.
    /// - Throws: `OutboundError`, `CancellationError`, `Failure` where the secret cannot be read.
    /// - Source: MLflow 3.17, `mlflow/webhooks/delivery.py`, `_send_webhook_request`.
    package func send(
        _ body: String,
        id: String,
        to receiver: Receiver,
        atMs: Int64
    ) async throws -> OutboundClient.Answer {
        let timestamp = "\(atMs / 1_000)"
        var headers = [
            ("Content-Type", "application/json"), ("X-MLflow-Delivery-Id", id),
            ("X-MLflow-Timestamp", timestamp),
        ]
        if let sealed = receiver.secret {
            let secret = try means.secrets.open(sealed, of: receiver.webhookID)
            let signature = WebhookSignature.text(
                of: body,
                deliveryID: id,
                timestamp: timestamp,
                secret: secret
            )
            headers.append(("X-MLflow-Signature", signature))
        }
        return try await means.client.post(Array(body.utf8), headers: headers, to: receiver.url)
    }
}
