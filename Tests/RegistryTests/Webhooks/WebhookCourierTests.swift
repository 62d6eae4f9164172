import Core
import Database
import HTTPTypes
import Outbound
import Synchronization
import TestSupport
import Testing

@testable import Registry
@testable import Webhooks

@Suite struct WebhookCourierTests {
    @Test(arguments: Backend.available)
    func `what happens is delivered once, signed, and logged`(on backend: Backend) async throws {
        let receiver = Receiver()
        try await withCourier(on: backend, receiver) { registry, url in
            let webhook = try await registry.newWebhook([.registeredModelCreated], url: url, secret: "quiet")
            try await registry.newModel()

            #expect(try await isDone(webhook, registry))
            let heard = receiver.heard
            #expect(heard.count == 1)
            let delivery = try #require(try await registry.deliveries(of: webhook).first)
            #expect(delivery.status == .delivered)
            #expect(delivery.responseStatus == 200)
            #expect(heard[0].id == delivery.id)
            #expect(heard[0].timestamp == "1")
            #expect(
                heard[0].signature
                    == WebhookSignature.text(
                        of: heard[0].body,
                        deliveryID: delivery.id,
                        timestamp: "1",
                        secret: "quiet"
                    )
            )
        }
    }

    @Test(arguments: Backend.available)
    func `what another process queues is delivered soon`(on backend: Backend) async throws {
        let receiver = Receiver()
        try await withCourier(on: backend, receiver) { registry, url in
            let webhook = try await registry.newWebhook([.registeredModelCreated], url: url)
            // A command, or another server: the same database and a bell of its own.
            let other = Registry(database: registry.database, webhooks: localMeans())

            try await other.newModel()

            #expect(try await isDone(webhook, registry))
            #expect(receiver.heard.count == 1)
        }
    }

    @Test func `a receiver that fails is told again, under the same id`() async throws {
        let receiver = Receiver()
        receiver.answer(.serviceUnavailable, .tooManyRequests)
        let clock = TestClock()
        try await withCourier(on: .sqlite, clock: clock, receiver) { registry, url in
            let webhook = try await registry.newWebhook([.registeredModelCreated], url: url)
            try await registry.newModel()

            for status in [503, 429, 200] as [Int64] {
                #expect(
                    try await eventually {
                        try await registry.deliveries(of: webhook).first?.responseStatus == status
                    }
                )
                clock.advance(byMs: 300_000)
                registry.webhookMeans.bell.ring()
            }

            #expect(try await isDone(webhook, registry))
            #expect(Set(receiver.heard.map(\.id)).count == 1)
            #expect(try await registry.deliveries(of: webhook).map(\.attempts) == [3])
        }
    }

    @Test(arguments: [
        (HTTPResponse.Status.notFound, "The receiver answered 404."),
        (.found, "The receiver answered 302; redirects are not followed."),
    ])
    func `a refusal is final`(status: HTTPResponse.Status, words: String) async throws {
        let receiver = Receiver()
        receiver.answer(status)
        try await withCourier(on: .sqlite, receiver) { registry, url in
            let webhook = try await registry.newWebhook([.registeredModelCreated], url: url)
            try await registry.newModel()

            #expect(try await isDone(webhook, registry))
            let delivery = try #require(try await registry.deliveries(of: webhook).first)
            #expect(delivery.status == .failed)
            #expect(delivery.error == words)
            #expect(receiver.heard.count == 1)
        }
    }

    @Test func `a delivery is given up after its last attempt, and said`() async throws {
        let notes = Notes()
        try await withCourier(on: .sqlite, means: localMeans(attempts: 1), notes: notes, Receiver()) {
            registry,
            _ in
            let webhook = try await registry.newWebhook([.registeredModelCreated])
            try await registry.newModel()

            #expect(try await isDone(webhook, registry))
            let delivery = try #require(try await registry.deliveries(of: webhook).first)
            #expect(delivery.status == .failed)
            #expect(delivery.error == "There was no connection: connection refused.")
            // It is said once it is written down.
            #expect(try await eventually { !notes.all.isEmpty })
            #expect(notes.all == ["\(delivery.id) There was no connection: connection refused."])
        }
    }

    @Test func `a fault that nobody thought of counts as an attempt, and is said`() async throws {
        struct Strange: Error {}
        let client = OutboundClient(
            policy: OutboundPolicy(schemes: ["http"], allowsPrivateAddresses: true),
            resolver: Resolver { _ in throw Strange() }
        )
        let means = WebhookMeans(client: client, secrets: .temporary, retries: RetryRule(attempts: 1))
        try await withCourier(on: .sqlite, means: means, Receiver()) { registry, _ in
            let webhook = try await registry.newWebhook([.registeredModelCreated], url: "http://h.x/")
            try await registry.newModel()

            #expect(try await isDone(webhook, registry))
            let delivery = try #require(try await registry.deliveries(of: webhook).first)
            #expect(delivery.status == .failed)
            #expect(delivery.error == "Nothing was sent: Strange()")
        }
    }

    @Test func `nothing is sent unsigned where the secret cannot be read`() async throws {
        let receiver = Receiver()
        try await withCourier(on: .sqlite, means: localMeans(attempts: 1), receiver) { registry, url in
            let webhook = try await registry.newWebhook([.registeredModelCreated], url: url, secret: "quiet")
            let sealed = try SecretBox.temporary.seal("quiet", of: webhook.id)
            try await registry.database.write { connection in
                _ = try connection.execute("UPDATE webhooks SET secret = \(sealed)")
            }
            try await registry.newModel()

            #expect(try await isDone(webhook, registry))
            let delivery = try #require(try await registry.deliveries(of: webhook).first)
            #expect(delivery.status == .failed)
            #expect(delivery.error?.hasPrefix("The secret of the webhook cannot be read") == true)
            #expect(receiver.heard.isEmpty)
        }
    }

    @Test func `a dead receiver holds up no other, and many things come in order`() async throws {
        let receiver = Receiver()
        try await withCourier(on: .sqlite, receiver) { registry, url in
            let dead = try await registry.newWebhook([.registeredModelCreated])
            let webhook = try await registry.newWebhook([.registeredModelCreated], url: url)
            for number in 1...20 { try await registry.newModel(named: "model \(number)") }

            #expect(try await isDone(webhook, registry))
            let ids = try await registry.deliveries(of: webhook).map(\.id)
            #expect(receiver.heard.map(\.id) == ids)
            #expect(try await registry.deliveries(of: dead).allSatisfy { $0.status == .pending })
        }
    }

    @Test func `a test tells an example and shows only the status`() async throws {
        let receiver = Receiver()
        receiver.answer(.ok, .internalServerError)
        try await withRegistry(on: .sqlite, webhooks: localMeans()) { registry in
            try await receiver.listen { url in
                let webhook = try await registry.newWebhook([.promptTagSet, .promptCreated], url: url)
                let hooks = registry.webhooks(for: ann)

                let good = try await hooks.test(webhook.id)
                let bad = try await hooks.test(webhook.id, .promptAliasCreated)

                #expect(good.isSuccess && good.status == 200 && good.error == nil)
                #expect(!bad.isSuccess && bad.status == 500 && bad.error == nil)
                #expect(receiver.heard[0].body.contains(#""entity": "prompt", "action": "created""#))
                #expect(receiver.heard[1].body.contains(#""alias": "example_alias""#))
                #expect(receiver.heard[0].signature == nil)
                #expect(try await registry.deliveries(of: webhook).isEmpty)
            }
            let dead = try await registry.newWebhook()
            let result = try await registry.webhooks(for: ann).test(dead.id)
            #expect(
                result.error == "Failed to test webhook: There was no connection: connection refused."
            )
        }
    }

    private final class Notes: Sendable {
        private let lines = Mutex<[String]>([])

        var all: [String] { lines.withLock { $0 } }

        func add(_ note: WebhookCourier.Note) {
            guard case .givenUp(_, let deliveryID, let reason) = note else { return }
            lines.withLock { $0.append("\(deliveryID) \(reason)") }
        }
    }

    private func isDone(_ webhook: Webhook, _ registry: Registry) async throws -> Bool {
        try await eventually {
            let deliveries = try await registry.deliveries(of: webhook)
            return !deliveries.isEmpty && deliveries.allSatisfy { $0.status != .pending }
        }
    }

    private func withCourier(
        on backend: Backend,
        clock: TestClock = TestClock(),
        means: WebhookMeans = localMeans(),
        notes: Notes = Notes(),
        _ receiver: Receiver,
        _ body: @escaping @Sendable (Registry, _ url: String) async throws -> Void
    ) async throws {
        try await withRegistry(on: backend, clock: clock, webhooks: means) { registry in
            let courier = WebhookCourier(registry.database, means, note: notes.add)
            async let run: Void = courier.run()
            try await receiver.listen { url in try await body(registry, url) }
            courier.stop()
            await run
        }
    }
}
