import Core
package import HTTP
import HTTPTypes
package import Registry

/// What MLflow answers about webhooks, and Roost's own log of what they were told.
///
/// Security: a webhook tells all that happens in a workspace to whoever made it, and its address may hold a token, so that
/// also reading them is for who administers the workspace; the original asks its server's administrators.
package enum WebhookEndpoints {
    package static func all(_ registry: Registry) -> [Endpoint] {
        webhooks(registry) + deliveries(registry)
    }

    private static func webhooks(_ registry: Registry) -> [Endpoint] {
        [
            Endpoint(.post, "webhooks", needs: .admin, touching: .workspace) { call in
                let new = try await call.message().newWebhook()
                return .webhook(try await registry.webhooks(for: call.caller).create(new))
            },
            Endpoint(.get, "webhooks", needs: .admin, touching: .workspace) { try await list($0, registry) },
            Endpoint(.get, "webhooks/:webhook", needs: .admin, touching: .workspace) { call in
                .webhook(try await registry.webhooks(for: call.caller).get(call.parameter("webhook")))
            },
            Endpoint(.patch, "webhooks/:webhook", needs: .admin, touching: .workspace) { call in
                let message = try await call.message()
                let store = registry.webhooks(for: call.caller)
                // As in the original, which looks for the webhook before it looks at what is to change.
                let webhook = try await store.get(call.parameter("webhook"))
                return .webhook(try await store.update(webhook.id, message.webhookChange()))
            },
            Endpoint(.delete, "webhooks/:webhook", needs: .admin, touching: .workspace) { call in
                try await registry.webhooks(for: call.caller).delete(call.parameter("webhook"))
                return .empty
            },
            Endpoint(.post, "webhooks/:webhook/test", needs: .admin, touching: .workspace) {
                try await test($0, registry)
            },
        ]
    }

    private static func deliveries(_ registry: Registry) -> [Endpoint] {
        [
            Endpoint(.get, "webhooks/:webhook/deliveries", in: .roost, needs: .admin, touching: .workspace) {
                try await log($0, registry)
            },
            Endpoint(
                .get,
                "webhooks/:webhook/deliveries/:delivery",
                in: .roost,
                needs: .admin,
                touching: .workspace
            ) { call in
                let found = try await registry.deliveries(for: call.caller).get(
                    call.parameter("delivery"),
                    of: call.parameter("webhook")
                )
                return .delivery(found.delivery, body: found.body)
            },
            Endpoint(
                .post,
                "webhooks/:webhook/deliveries/:delivery/send-again",
                in: .roost,
                needs: .admin,
                touching: .workspace
            ) {
                call in
                let delivery = try await registry.deliveries(for: call.caller).sendAgain(
                    call.parameter("delivery"),
                    of: call.parameter("webhook")
                )
                return .delivery(delivery)
            },
        ]
    }

    private static func list(_ call: Call, _ registry: Registry) async throws -> Answer {
        let message = try await call.message()
        let page = try await registry.webhooks(for: call.caller).list(
            limit: message.webhookLimit(),
            after: message.string("page_token")
        )
        return await .page(capacityBytes: page.webhooks.count * 512 + 64) { json in
            if !page.webhooks.isEmpty {
                json.array("webhooks") { json in
                    for webhook in page.webhooks { json.value(webhook) }
                }
            }
            if let next = page.next { json.field("next_page_token", next) }
        }
    }

    private static func test(_ call: Call, _ registry: Registry) async throws -> Answer {
        let message = try await call.message()
        let result = try await registry.webhooks(for: call.caller).test(
            call.parameter("webhook"),
            message.message("event")?.webhookEvent()
        )
        return .json { json in
            json.object("result") { json in
                json.field("success", result.isSuccess)
                if let status = result.status { json.field("response_status", status) }
                if let error = result.error { json.field("error_message", error) }
            }
        }
    }

    private static func log(_ call: Call, _ registry: Registry) async throws -> Answer {
        let message = try await call.message()
        let page = try await registry.deliveries(for: call.caller).list(
            of: call.parameter("webhook"),
            status: message.word("status"),
            limit: message.webhookLimit(),
            after: message.string("page_token")
        )
        return await .page(capacityBytes: page.deliveries.count * 384 + 64) { json in
            if !page.deliveries.isEmpty {
                json.array("deliveries") { json in
                    for delivery in page.deliveries { json.object { $0.fields(of: delivery) } }
                }
            }
            if let next = page.next { json.field("next_page_token", next) }
        }
    }
}
