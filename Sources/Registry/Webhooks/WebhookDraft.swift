package import Core

/// What a new webhook is made of.
package struct NewWebhook: Sendable {
    let name: WebhookName
    let url: String
    let events: [WebhookEvent]
    let description: String
    let secret: String
    let status: WebhookStatus

    /// - Parameters:
    ///   - name: Its name.
    ///   - url: Where it is; checked when it is stored.
    ///   - events: What it is told of; one that comes twice counts once.
    ///   - description: What it is for.
    ///   - secret: What signs its deliveries; empty for no signature.
    ///   - status: Whether it is told anything.
    /// - Throws: `Failure.invalid` in MLflow's words where there are no events.
    package init(
        name: WebhookName,
        url: String,
        events: [WebhookEvent],
        description: String = "",
        secret: String = "",
        status: WebhookStatus = .active
    ) throws(Failure) {
        guard !events.isEmpty else {
            throw .invalid("Webhook events must be a non-empty list of WebhookEvent objects: [].")
        }
        self.name = name
        self.url = url
        self.events = events
        self.description = description
        self.secret = secret
        self.status = status
    }
}

/// What is to be another in a webhook; nil, and no events, for what stays.
package struct WebhookChange: Sendable {
    let name: WebhookName?
    let url: String?
    let events: [WebhookEvent]
    let description: String?
    let secret: String?
    let status: WebhookStatus?

    package init(
        name: WebhookName? = nil,
        url: String? = nil,
        events: [WebhookEvent] = [],
        description: String? = nil,
        secret: String? = nil,
        status: WebhookStatus? = nil
    ) {
        self.name = name
        self.url = url
        self.events = events
        self.description = description
        self.secret = secret
        self.status = status
    }
}
