import Core
import Logging
import ObjectStore
import Outbound
import Registry
import Repositories
import ServiceLifecycle
import Webhooks

/// Runs mirrors and imports beside the requests; what is under way when the server stops is due again for the next.
struct MirrorService: Service {
    private let mirrors: MirrorWorker
    private let arrivals: ArrivalWorker

    init(_ repositories: Repositories, logger: Logger) {
        mirrors = MirrorWorker(repositories) { error in
            logger.error("a mirror could not run", metadata: ["error": "\(error)"])
        }
        arrivals = ArrivalWorker(repositories) { error in
            logger.error("an import could not run", metadata: ["error": "\(error)"])
        }
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            async let arriving: Void = arrivals.run()
            await mirrors.run()
            await arriving
        }
    }
}

extension MirrorMeans {
    /// - Parameters:
    ///   - settings: Of this server.
    ///   - files: Where it keeps large files.
    /// - Throws: What keeps the key of the passwords from being read.
    init(_ settings: Settings, files: FileStore?) throws {
        let keys = KeyFile(settings.dataFolder + "/mirror-secrets.key")
        _ = try keys.readOrMake()
        let box = SecretBox { try keys.read() }
        self.init(
            client: OutboundClient(policy: settings.mirrorPolicy),
            secrets: Secrets { secret, owner in
                try box.seal(secret, of: owner)
            } open: { sealed, owner in
                do {
                    return try box.open(sealed, of: owner)
                } catch let failure as Failure where failure.code == .invalidState {
                    throw Failure(
                        .invalidState,
                        "The password cannot be read: it was stored under another key (mirror-secrets.key in the "
                            + "data folder). Set the mirror again.",
                        cause: failure.cause
                    )
                }
            },
            limits: settings.mirrorLimits,
            files: files
        )
    }
}
