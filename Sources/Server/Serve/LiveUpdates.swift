import Logging
import ServiceLifecycle
import Web

/// Tells open pages what changes while the server runs.
struct LiveUpdates: Service {
    let web: Web
    let logger: Logger

    func run() async {
        await cancelWhenGracefulShutdown { await web.runLive(logger: logger) }
    }
}
