import Core
import Registry
import Webhooks

/// What requests about webhooks hold.
extension Message {
    func newWebhook() throws -> NewWebhook {
        let (name, url) = (try requiredString("name"), try requiredString("url"))
        guard try has("events") else { throw missing("events") }
        return try NewWebhook(
            name: WebhookName(name),
            url: url,
            events: messages("events").map { try $0.webhookEvent() },
            description: string("description") ?? "",
            secret: string("secret") ?? "",
            status: word("status") ?? .active
        )
    }

    /// What is empty stays as it is, but for the description and the secret.
    func webhookChange() throws -> WebhookChange {
        WebhookChange(
            name: try nonEmptyString("name").map { try WebhookName($0) },
            url: try nonEmptyString("url"),
            events: try messages("events").map { try $0.webhookEvent() },
            description: try string("description"),
            secret: try string("secret"),
            status: try word("status")
        )
    }

    func webhookEvent() throws -> WebhookEvent {
        guard let entity = try word("entity", of: WebhookEvent.Entity.self) else { throw missing("entity") }
        guard let action = try word("action", of: WebhookEvent.Action.self) else { throw missing("action") }
        return try WebhookEvent(entity, action)
    }

    /// How many a page holds; 0 is as good as nothing.
    func webhookLimit() throws -> Int {
        let limit = try integer("max_results") ?? 0
        guard limit != 0 else { return 100 }
        guard 1...1_000 ~= limit else { throw Failure.invalid("max_results must be between 1 and 1000.") }
        return Int(limit)
    }
}

/// - Source: `webhooks.proto`, enum `WebhookEntity`.
extension WebhookEvent.Entity: WireWord {
    package var wireName: String { rawValue.uppercased() }

    package var wireNumber: Int64 {
        switch self {
        case .registeredModel: 1
        case .modelVersion: 2
        case .modelVersionTag: 3
        case .modelVersionAlias: 4
        case .prompt: 5
        case .promptVersion: 6
        case .promptTag: 7
        case .promptVersionTag: 8
        case .promptAlias: 9
        case .budgetPolicy: 10
        }
    }
}

/// - Source: `webhooks.proto`, enum `WebhookAction`.
extension WebhookEvent.Action: WireWord {
    package var wireName: String { rawValue.uppercased() }

    package var wireNumber: Int64 {
        switch self {
        case .created: 1
        case .updated: 2
        case .deleted: 3
        case .set: 4
        case .exceeded: 5
        }
    }
}

/// - Source: `webhooks.proto`, enum `WebhookStatus`.
extension WebhookStatus: WireWord {
    package var wireNumber: Int64 {
        switch self {
        case .active: 1
        case .disabled: 2
        }
    }
}

extension DeliveryStatus: WireWord {
    package var wireNumber: Int64 {
        switch self {
        case .pending: 1
        case .delivered: 2
        case .failed: 3
        }
    }
}
