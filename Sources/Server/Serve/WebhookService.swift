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
            case .trouble(let error):
                logger.error("webhooks wait for the database", metadata: ["error": "\(error)"])
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
