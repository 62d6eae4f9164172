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
        let kind: WebhookKind
        let contentType: WebhookContentType

        package init(
            webhookID: String,
            url: String,
            secret: [UInt8]?,
            kind: WebhookKind = .mlflow,
            contentType: WebhookContentType = .json
        ) {
            self.webhookID = webhookID
            self.url = url
            self.secret = secret
            self.kind = kind
            self.contentType = contentType
        }
    }

    /// - Parameters:
    ///   - body: The JSON.
    ///   - event: What happened, in the words of the webhook's kind.
    ///   - id: The same for each attempt of a delivery.
    ///   - receiver: Where to.
    ///   - atMs: The time of the attempt, which receivers hold against their own.
    /// - Returns: What is known of the answer.
    /// - Throws: `OutboundError`, `CancellationError`, `Failure` where the secret cannot be read.
    package func send(
        _ body: String,
        of event: String,
        id: String,
        to receiver: Receiver,
        atMs: Int64
    ) async throws -> OutboundClient.Answer {
        let secret = try receiver.secret.map { try means.secrets.open($0, of: receiver.webhookID) }
        let letter = WebhookLetter(
            body: body,
            event: event,
            id: id,
            timestamp: "\(atMs / 1_000)",
            secret: secret
        )
        switch receiver.kind {
        case .mlflow:
            return try await means.client.post(
                Array(body.utf8),
                headers: letter.mlflowHeaders,
                to: receiver.url
            )
        case .gitea, .gogs, .roost:
            return try await means.client.post(
                letter.bytes(as: receiver.contentType),
                headers: letter.hookHeaders(receiver.contentType),
                to: receiver.url
            )
        }
    }
}
