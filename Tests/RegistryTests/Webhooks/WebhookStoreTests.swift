import Core
import Database
import TestSupport
import Testing

@testable import Registry
@testable import Webhooks

@Suite struct WebhookStoreTests {
    @Test(arguments: Backend.available)
    func `a webhook is kept, changed and deleted`(on backend: Backend) async throws {
        let clock = TestClock()
        try await withRegistry(on: backend, clock: clock, webhooks: localMeans()) { registry in
            let store = registry.webhooks(for: ann)
            let new = try NewWebhook(
                name: WebhookName("hook"),
                url: "http://127.0.0.1:65535/x",
                events: [.promptTagSet, .modelVersionCreated, .promptTagDeleted, .promptTagSet],
                description: "d",
                secret: "quiet"
            )
            let made = try await store.create(new)

            #expect(made.events == [.modelVersionCreated, .promptTagDeleted, .promptTagSet])
            #expect(made.status == .active)
            #expect(try await store.get(made.id) == made)

            clock.advance(byMs: 5)
            let changed = try await store.update(
                made.id,
                WebhookChange(
                    name: WebhookName("b"),
                    events: [.promptCreated],
                    description: "",
                    status: .disabled
                )
            )
            #expect(changed.name == "b")
            #expect(changed.url == made.url)
            #expect(changed.events == [.promptCreated])
            #expect(changed.description == "")
            #expect(changed.status == .disabled)
            #expect(changed.creationTime == 1_000)
            #expect(changed.lastUpdateTime == 1_005)

            try await store.delete(made.id)
            let words = "Webhook with ID \(made.id) not found."
            await expectFailure(.missing, words) { _ = try await store.get(made.id) }
            await expectFailure(.missing, words) { try await store.delete(made.id) }
            await expectFailure(.missing, words) { _ = try await store.update(made.id, WebhookChange()) }
            await expectFailure(.missing, words) { _ = try await store.test(made.id) }
            #expect(try await store.list(limit: 9, after: nil).webhooks.isEmpty)
        }
    }

    @Test(arguments: Backend.available)
    func `webhooks are listed page by page, newest first, each workspace its own`(
        on backend: Backend
    ) async throws {
        try await withRegistry(on: backend, webhooks: localMeans()) { registry in
            var ids: [String] = []
            for _ in 0..<5 { ids.insert(try await registry.newWebhook().id, at: 0) }

            let first = try await registry.webhooks(for: ann).list(limit: 3, after: nil)
            let second = try await registry.webhooks(for: ann).list(limit: 3, after: first.next)
            #expect((first.webhooks + second.webhooks).map(\.id) == ids)
            #expect(second.next == nil)

            #expect(try await registry.webhooks(for: eve).list(limit: 3, after: nil).webhooks.isEmpty)
            await expectFailure(.missing, "Webhook with ID \(ids[0]) not found.") {
                _ = try await registry.webhooks(for: eve).get(ids[0])
            }
            await expectFailure(.missing, "Webhook with ID \(ids[0]) not found.") {
                _ = try await registry.deliveries(for: eve).list(of: ids[0], limit: 1)
            }
        }
    }

    @Test(arguments: Backend.available)
    func `the database does not know the secret`(on backend: Backend) async throws {
        try await withRegistry(on: backend, webhooks: localMeans()) { registry in
            let webhook = try await registry.newWebhook(secret: "quiet")
            let sealed = try await registry.database.read { connection in
                try connection.first("SELECT secret FROM webhooks") { $0.blob(0) } ?? []
            }

            #expect(sealed.count == 12 + 5 + 16)
            #expect(!sealed.contains(Array("quiet".utf8)))

            try await registry.webhooks(for: ann).delete(webhook.id)
            let isGone = try await registry.database.read { connection in
                try connection.first("SELECT secret FROM webhooks") { $0.isNull(0) }
            }
            #expect(isGone == true)
        }
    }

    @Test func `an address that may not be asked is refused in the original's words`() async throws {
        try await withRegistry(on: .sqlite) { registry in
            let refusals = [
                " ": "Webhook URL cannot be empty or just whitespace: ' '",
                "http://example.com": "Invalid webhook URL scheme: 'http'. Allowed schemes are: https.",
                "https:///x": "Webhook URL must include a hostname: 'https:///x'",
                "https://10.1.2.3/":
                    "Webhook URL must not resolve to a non-public IP address. '10.1.2.3' resolves to 10.1.2.3.",
                "https://127.1/": "Webhook URL host '127.1' is not a canonical IP address literal.",
            ]
            for (url, words) in refusals {
                await expectFailure(.invalidParameter, words) { try await registry.newWebhook(url: url) }
            }
        }
    }
}
