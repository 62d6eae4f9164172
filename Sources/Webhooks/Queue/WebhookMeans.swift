package import Outbound

/// What webhooks need beside the database.
package struct WebhookMeans: Sendable {
    package let client: OutboundClient
    package let secrets: SecretBox
    let retries: RetryRule
    /// Rung when there is something to deliver.
    package let bell = Bell()

    /// - Parameters:
    ///   - client: What asks the receivers.
    ///   - secrets: What keeps the secrets.
    ///   - retries: How often a delivery is tried.
    package init(
        client: OutboundClient = OutboundClient(),
        secrets: SecretBox = .temporary,
        retries: RetryRule = .standard
    ) {
        self.client = client
        self.secrets = secrets
        self.retries = retries
    }
}
