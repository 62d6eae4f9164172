import Core
import Database
import TestSupport
import Testing

@testable import Registry
@testable import Webhooks

@Suite struct DeliveryQueueTests {
    @Test(arguments: Backend.available)
    func `a webhook is told one thing after the other`(on backend: Backend) async throws {
        try await withRegistry(on: backend, webhooks: localMeans()) { registry in
            let webhook = try await registry.newWebhook([.registeredModelCreated])
            for name in ["a", "b", "c"] { try await registry.newModel(named: name) }
            let queue = DeliveryQueue(database: registry.database)

            var order: [String] = []
            for _ in 0..<3 {
                let round = try await queue.take(atMost: 9)
                #expect(try await queue.take(atMost: 9).attempts.isEmpty)
                let attempt = try #require(round.attempts.first)
                order.append(attempt.deliveryID)
                try await queue.finish(attempt, .delivered(status: 200))
            }

            #expect(try await registry.deliveries(of: webhook).map(\.id) == order)
            #expect(try await queue.take(atMost: 9).nextDueMs == nil)
        }
    }

    @Test(arguments: Backend.available)
    func `what is tried again holds up its webhook and no other`(on backend: Backend) async throws {
        let clock = TestClock()
        try await withRegistry(on: backend, clock: clock, webhooks: localMeans()) { registry in
            let first = try await registry.newWebhook([.registeredModelCreated])
            let second = try await registry.newWebhook([.registeredModelCreated])
            for name in ["a", "b"] { try await registry.newModel(named: name) }
            let queue = DeliveryQueue(database: registry.database)

            let round = try await queue.take(atMost: 9)
            #expect(round.attempts.map(\.receiver.webhookID) == [first.id, second.id])
            try await queue.finish(round.attempts[0], .retry(afterMs: 500, status: 503, error: "busy"))
            try await queue.finish(round.attempts[1], .delivered(status: 200))
            let next = try await queue.take(atMost: 9)
            #expect(next.attempts.map(\.receiver.webhookID) == [second.id])
            #expect(next.nextDueMs == 1_500)

            clock.advance(byMs: 500)
            let again = try await queue.take(atMost: 9).attempts
            #expect(again.map(\.deliveryID) == [round.attempts[0].deliveryID])
            #expect(again.map(\.count) == [2])
            let delivery = try #require(try await registry.deliveries(of: first).first)
            #expect(delivery.status == .pending)
            #expect(delivery.responseStatus == 503)
            #expect(delivery.error == "busy")
            #expect(delivery.lastAttemptMs == 1_500)
        }
    }

    @Test(arguments: Backend.available)
    func `what a dead server took comes back, and what it says late is not heard`(
        on backend: Backend
    ) async throws {
        let clock = TestClock()
        try await withRegistry(on: backend, clock: clock, webhooks: localMeans()) { registry in
            let webhook = try await registry.newWebhook([.registeredModelCreated])
            try await registry.newModel()
            let queue = DeliveryQueue(database: registry.database)

            let lost = try await queue.take(atMost: 9)
            #expect(lost.nextDueMs == 1_000 + DeliveryQueue.leaseMs)
            clock.advance(byMs: DeliveryQueue.leaseMs - 1)
            #expect(try await queue.take(atMost: 9).attempts.isEmpty)
            clock.advance(byMs: 1)
            let again = try await queue.take(atMost: 9).attempts
            #expect(again.map(\.deliveryID) == lost.attempts.map(\.deliveryID))

            try await queue.finish(lost.attempts[0], .givenUp(status: nil, error: "late", isOld: false))
            #expect(try await registry.deliveries(of: webhook).map(\.status) == [.pending])
            try await queue.finish(again[0], .delivered(status: 200))
            #expect(try await registry.deliveries(of: webhook).map(\.status) == [.delivered])
        }
    }

    @Test(arguments: Backend.available)
    func `what is under way is held on to for as long as it lasts`(on backend: Backend) async throws {
        let clock = TestClock()
        try await withRegistry(on: backend, clock: clock, webhooks: localMeans()) { registry in
            try await registry.newWebhook([.registeredModelCreated])
            try await registry.newModel()
            let queue = DeliveryQueue(database: registry.database)

            let slow = try #require(try await queue.take(atMost: 9).attempts.first)
            for _ in 0..<3 {
                clock.advance(byMs: DeliveryQueue.leaseMs - 1)
                #expect(try await queue.renew(slow))
                #expect(try await queue.take(atMost: 9).attempts.isEmpty)
            }
            clock.advance(byMs: DeliveryQueue.leaseMs)
            let again = try #require(try await queue.take(atMost: 9).attempts.first)

            #expect(try await queue.renew(slow) == false)
            #expect(try await queue.renew(again))
            try await queue.finish(again, .delivered(status: 200))
            #expect(try await queue.renew(again) == false)
        }
    }

    @Test(arguments: Backend.available.filter { $0 == .postgres })
    func `a server whose clock is far ahead does not take what another has under way`(
        on backend: Backend
    ) async throws {
        let clock = TestClock()
        try await withRegistry(on: backend, clock: clock, sharesTime: true, webhooks: localMeans()) {
            registry in
            try await registry.newWebhook([.registeredModelCreated])
            try await registry.newModel()
            let queue = DeliveryQueue(database: registry.database)

            let round = try await queue.take(atMost: 9)
            clock.advance(byMs: 10 * DeliveryQueue.leaseMs)
            let ahead = try await queue.take(atMost: 9)

            #expect(round.attempts.count == 1)
            #expect(ahead.attempts.isEmpty)
            let attempt = try #require(round.attempts.first)
            try await queue.finish(attempt, .retry(afterMs: 0, status: 503, error: "busy"))
            clock.advance(byMs: -20 * DeliveryQueue.leaseMs)
            let behind = try await queue.take(atMost: 9)
            #expect(behind.attempts.map(\.deliveryID) == [attempt.deliveryID])
        }
    }

    @Test(arguments: Backend.available)
    func `several servers never take the same at once`(on backend: Backend) async throws {
        try await withRegistry(on: backend, webhooks: localMeans()) { registry in
            for _ in 0..<8 { try await registry.newWebhook([.registeredModelCreated]) }
            try await registry.newModel()

            let taken = try await withThrowingTaskGroup(of: [String].self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        let queue = DeliveryQueue(database: registry.database)
                        return try await queue.take(atMost: 3).attempts.map(\.deliveryID)
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }

            #expect(Set(taken).count == taken.count)
            let rest = try await DeliveryQueue(database: registry.database).take(atMost: 9).attempts
            #expect(taken.count + rest.count == 8)
        }
    }

    @Test(arguments: Backend.available)
    func `a disabled webhook is told nothing until it is active again`(on backend: Backend) async throws {
        try await withRegistry(on: backend, webhooks: localMeans()) { registry in
            let webhook = try await registry.newWebhook([.registeredModelCreated])
            try await registry.newModel()
            let (hooks, queue) = (registry.webhooks(for: ann), DeliveryQueue(database: registry.database))

            _ = try await hooks.update(webhook.id, WebhookChange(status: .disabled))
            #expect(try await queue.take(atMost: 9).attempts.isEmpty)
            _ = try await hooks.update(webhook.id, WebhookChange(status: .active))
            #expect(try await queue.take(atMost: 9).attempts.count == 1)
        }
    }

    @Test(arguments: Backend.available)
    func `a delivery is sent again under its id`(on backend: Backend) async throws {
        let clock = TestClock()
        try await withRegistry(on: backend, clock: clock, webhooks: localMeans()) { registry in
            let webhook = try await registry.newWebhook([.registeredModelCreated])
            try await registry.newModel()
            let (log, queue) = (registry.deliveries(for: ann), DeliveryQueue(database: registry.database))
            let attempt = try #require(try await queue.take(atMost: 1).attempts.first)

            await expectFailure(.invalidState, "Delivery with ID \(attempt.deliveryID) is under way.") {
                _ = try await log.sendAgain(attempt.deliveryID, of: webhook.id)
            }
            try await queue.finish(
                attempt,
                .givenUp(status: 404, error: "The receiver answered 404.", isOld: false)
            )
            clock.advance(byMs: 86_400_000)
            let again = try await log.sendAgain(attempt.deliveryID, of: webhook.id)
            #expect(again.status == .pending)
            #expect(again.attempts == 1)

            let second = try #require(try await queue.take(atMost: 1).attempts.first)
            #expect(second.deliveryID == attempt.deliveryID)
            #expect(second.body == attempt.body)
            #expect(second.count == 1)
            #expect(second.queuedMs == 86_401_000)
            try await queue.finish(second, .delivered(status: 204))
            let delivery = try await log.get(attempt.deliveryID, of: webhook.id).delivery
            #expect(delivery.attempts == 2)
            #expect(delivery.responseStatus == 204)
            #expect(delivery.error == nil)

            await expectFailure(.missing, "Delivery with ID nope not found.") {
                _ = try await log.sendAgain("nope", of: webhook.id)
            }
        }
    }

    @Test(arguments: Backend.available)
    func `the log is read page by page and forgotten after thirty days`(on backend: Backend) async throws {
        let clock = TestClock()
        try await withRegistry(on: backend, clock: clock, webhooks: localMeans()) { registry in
            let webhook = try await registry.newWebhook([.registeredModelCreated])
            for name in ["a", "b", "c"] { try await registry.newModel(named: name) }
            let (log, queue) = (registry.deliveries(for: ann), DeliveryQueue(database: registry.database))
            let attempt = try #require(try await queue.take(atMost: 1).attempts.first)
            try await queue.finish(attempt, .delivered(status: 200))

            let first = try await log.list(of: webhook.id, limit: 2)
            let second = try await log.list(of: webhook.id, limit: 2, after: first.next)
            #expect(first.deliveries.count == 2)
            #expect(second.deliveries.map(\.id) == [attempt.deliveryID])
            #expect(try await log.list(of: webhook.id, status: .delivered, limit: 9).deliveries.count == 1)

            clock.advance(byMs: 30 * 86_400_000)
            try await queue.forgetOld()
            #expect(try await registry.deliveries(of: webhook).count == 3)
            clock.advance(byMs: 1)
            try await queue.forgetOld()
            #expect(try await registry.deliveries(of: webhook).map(\.status) == [.pending, .pending])
        }
    }

    @Test(arguments: Backend.available)
    func `what is sent again goes behind what waits, and beside nothing`(on backend: Backend) async throws {
        try await withRegistry(on: backend, webhooks: localMeans()) { registry in
            let webhook = try await registry.newWebhook([.registeredModelCreated])
            for name in ["a", "b", "c"] { try await registry.newModel(named: name) }
            let (log, queue) = (registry.deliveries(for: ann), DeliveryQueue(database: registry.database))
            let ids = try await registry.deliveries(of: webhook).map(\.id)
            let first = try #require(try await queue.take(atMost: 9).attempts.first)
            try await queue.finish(first, .delivered(status: 200))
            let second = try #require(try await queue.take(atMost: 9).attempts.first)

            _ = try await log.sendAgain(ids[0], of: webhook.id)

            #expect(try await queue.take(atMost: 9).attempts.isEmpty)
            try await queue.finish(second, .delivered(status: 200))
            var order: [String] = []
            for _ in 0..<2 {
                let attempt = try #require(try await queue.take(atMost: 9).attempts.first)
                order.append(attempt.deliveryID)
                #expect(attempt.isSentAgain == (attempt.deliveryID == ids[0]))
                try await queue.finish(attempt, .delivered(status: 200))
            }
            #expect(order == [ids[2], ids[0]])
        }
    }

    @Test(arguments: Backend.available)
    func `the oldest of what is too much is given up, in words`(on backend: Backend) async throws {
        try await withRegistry(on: backend, webhooks: localMeans()) { registry in
            let webhook = try await registry.newWebhook([.registeredModelCreated])
            for name in ["a", "b", "c"] { try await registry.newModel(named: name) }
            let queue = DeliveryQueue(database: registry.database)

            let none = try await queue.trim(toMost: 3)
            let one = try await queue.trim(toMost: 2)

            #expect(none.isEmpty)
            #expect(one.map(\.webhookID) == [webhook.id])
            #expect(one.map(\.count) == [1])
            let deliveries = try await registry.deliveries(of: webhook)
            #expect(deliveries.map(\.status) == [.failed, .pending, .pending])
            #expect(deliveries[0].error == DeliveryQueue.tooMany)
        }
    }

    @Test(arguments: Backend.available)
    func `what waited for more than a day ends with the first of it that fails`(
        on backend: Backend
    ) async throws {
        let clock = TestClock()
        try await withRegistry(on: backend, clock: clock, webhooks: localMeans()) { registry in
            let webhook = try await registry.newWebhook([.registeredModelCreated])
            for name in ["a", "b", "c"] { try await registry.newModel(named: name) }
            clock.advance(byMs: 86_400_000)
            try await registry.newModel(named: "d")
            let queue = DeliveryQueue(database: registry.database)
            let attempt = try #require(try await queue.take(atMost: 9).attempts.first)

            try await queue.finish(attempt, .givenUp(status: 503, error: "busy", isOld: true))

            let deliveries = try await registry.deliveries(of: webhook)
            #expect(deliveries.map(\.status) == [.failed, .failed, .failed, .pending])
            #expect(deliveries.map(\.attempts) == [1, 0, 0, 0])
        }
    }

    @Test(arguments: Backend.available)
    func `what nobody was asked for is no attempt`(on backend: Backend) async throws {
        let clock = TestClock()
        try await withRegistry(on: backend, clock: clock, webhooks: localMeans()) { registry in
            let webhook = try await registry.newWebhook([.registeredModelCreated])
            try await registry.newModel()
            let queue = DeliveryQueue(database: registry.database)
            for _ in 0..<3 {
                let attempt = try #require(try await queue.take(atMost: 9).attempts.first)
                #expect(attempt.count == 1)
                try await queue.finish(attempt, .postponed(afterMs: 5_000, error: "busy"))
                clock.advance(byMs: 5_000)
            }

            #expect(try await registry.deliveries(of: webhook).map(\.attempts) == [0])
        }
    }

    @Test(arguments: Backend.available)
    func `what was queued while its webhook was deleted ends as well`(on backend: Backend) async throws {
        try await withRegistry(on: backend, webhooks: localMeans()) { registry in
            let webhook = try await registry.newWebhook([.registeredModelCreated])
            try await registry.newModel()
            try await registry.webhooks(for: ann).delete(webhook.id)
            _ = try await registry.database.write { connection in
                try connection.execute(
                    "UPDATE webhook_deliveries SET status = 'PENDING', finished_ms = \(nil as Int64?)"
                )
            }

            #expect(try await DeliveryQueue(database: registry.database).trim().isEmpty)

            let rows = try await registry.database.read { connection in
                try connection.rows(
                    "SELECT d.status, w.url FROM webhook_deliveries d JOIN webhooks w ON w.webhook_key = d.webhook_key"
                ) { "\($0.text(0)) '\($0.text(1))'" }
            }
            #expect(rows == ["FAILED ''"])
        }
    }

    @Test(arguments: Backend.available)
    func `what waited for a deleted webhook is given up`(on backend: Backend) async throws {
        try await withRegistry(on: backend, webhooks: localMeans()) { registry in
            let webhook = try await registry.newWebhook([.registeredModelCreated])
            try await registry.newModel()

            try await registry.webhooks(for: ann).delete(webhook.id)

            #expect(try await DeliveryQueue(database: registry.database).take(atMost: 9).nextDueMs == nil)
            let status = try await registry.database.read { connection in
                try connection.first("SELECT status FROM webhook_deliveries") { $0.text(0) }
            }
            #expect(status == "FAILED")
        }
    }
}
