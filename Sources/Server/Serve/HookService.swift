import Logging
import ServiceLifecycle
import Webhooks

/// Queues beside the requests what hooks of repositories are to be told; where it stops, the next server reads on.
struct HookService: Service {
    private let follower: EventFollower

    init(_ composition: Composition, logger: Logger) {
        follower = EventFollower(
            composition.database,
            composition.webhooks,
            note: { logger.error("an event could not be told to hooks", metadata: ["error": "\($0)"]) },
            describe: composition.describeForHooks
        )
    }

    func run() async throws {
        await cancelWhenGracefulShutdown { await follower.run() }
    }
}
