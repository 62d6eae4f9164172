import Database
import Logging
import Metrics
import ServiceLifecycle
import Webhooks

/// Delivers webhooks beside the requests; when the server stops, it begins nothing more.
struct WebhookService: Service {
    private let courier: WebhookCourier

    init(_ database: any Database, _ means: WebhookMeans, logger: Logger) {
        let measures = WebhookMeasures()
        courier = WebhookCourier(database, means) { note in
            measures.count(note)
            switch note {
            case .delivered, .failed, .waiting: break
            case .givenUp(let webhookID, let deliveryID, let reason):
                logger.warning(
                    "a delivery was given up: \(reason)",
                    metadata: ["webhook": "\(webhookID)", "delivery": "\(deliveryID)"]
                )
            case .trimmed(let webhookID, let count, let reason):
                logger.warning("\(reason)", metadata: ["webhook": "\(webhookID)", "given_up": "\(count)"])
            case .trouble(let error):
                logger.error("webhooks are in trouble", metadata: ["error": "\(error)"])
            }
        }
    }

    func run() async throws {
        await withGracefulShutdownHandler {
            await courier.run()
        } onGracefulShutdown: {
            courier.stop()
        }
    }
}

/// How deliveries went that this server made, and how much waits in the queue that servers share.
private struct WebhookMeasures: Sendable {
    private let delivered = Self.deliveries("delivered")
    private let givenUp = Self.deliveries("given_up")
    private let failedAttempts = Counter(label: "roost_webhook_failed_attempts_total")
    private let queueLength = Gauge(label: "roost_webhook_queue_length")

    func count(_ note: WebhookCourier.Note) {
        switch note {
        case .delivered: delivered.increment()
        case .failed: failedAttempts.increment()
        case .givenUp:
            failedAttempts.increment()
            givenUp.increment()
        case .trimmed(_, let count, _): givenUp.increment(by: count)
        case .waiting(let count): queueLength.record(count)
        case .trouble: break
        }
    }

    private static func deliveries(_ outcome: String) -> Counter {
        Counter(label: "roost_webhook_deliveries_total", dimensions: [("outcome", outcome)])
    }
}
