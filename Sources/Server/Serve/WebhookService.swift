import Logging
import Registry
import ServiceLifecycle

/// Delivers webhooks beside the requests; when the server stops, it begins nothing more.
struct WebhookService: Service {
    private let courier: WebhookCourier

    init(_ registry: Registry, logger: Logger) {
        courier = WebhookCourier(registry) { note in
            switch note {
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
