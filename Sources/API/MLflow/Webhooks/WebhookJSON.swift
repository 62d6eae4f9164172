import Core
import HTTP
import Registry
import Webhooks

/// - Source: `webhooks.proto`, messages `Webhook`, `WebhookEvent`.
extension JSONWriter {
    mutating func value(_ webhook: Webhook) {
        object { json in
            json.field("webhook_id", webhook.id)
            json.field("name", webhook.name)
            if let description = webhook.description, !description.isEmpty {
                json.field("description", description)
            }
            json.field("url", webhook.url)
            json.array("events") { json in
                for event in webhook.events {
                    json.object { json in
                        json.field("entity", event.entity.wireName)
                        json.field("action", event.action.wireName)
                    }
                }
            }
            json.field("status", webhook.status.rawValue)
            json.field("creation_timestamp", webhook.creationTime)
            json.field("last_updated_timestamp", webhook.lastUpdateTime)
        }
    }

    mutating func fields(of delivery: Delivery) {
        field("delivery_id", delivery.id)
        field("event", delivery.event)
        field("status", delivery.status.rawValue)
        field("attempts", delivery.attempts)
        field("creation_timestamp", delivery.createdMs)
        if let time = delivery.lastAttemptMs { field("last_attempt_timestamp", time) }
        if let time = delivery.dueMs { field("due_timestamp", time) }
        if let time = delivery.finishedMs { field("end_timestamp", time) }
        if let status = delivery.responseStatus { field("response_status", status) }
        if let error = delivery.error { field("error_message", error) }
    }
}

extension Answer {
    static func webhook(_ webhook: Webhook) -> Answer {
        .json(capacityBytes: 512) { json in
            json.key("webhook")
            json.value(webhook)
        }
    }

    /// A delivery, and what it carries where that was asked for.
    static func delivery(_ delivery: Delivery, body: String? = nil) -> Answer {
        .json(capacityBytes: 512 + (body?.utf8.count ?? 0)) { json in
            json.object("delivery") { json in
                json.fields(of: delivery)
                if let body {
                    json.key("payload")
                    json.raw(Array(body.utf8))
                }
            }
        }
    }
}
