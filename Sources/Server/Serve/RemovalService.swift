import Core
import Logging
import ObjectStore
import ServiceLifecycle

/// Purges beside the requests the repositories whose time of grace is over, and frees what nothing names any more.
struct RemovalService: Service {
    private static let pause = Duration.seconds(600)
    private static let dayMs: Int64 = 86_400_000

    private let removal: RepositoryRemoval
    private let graceDays: Int
    private let logger: Logger

    init(_ removal: RepositoryRemoval, graceDays: Int, logger: Logger) {
        self.removal = removal
        self.graceDays = graceDays
        self.logger = logger
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await round()
                do { try await Task.sleep(for: Self.pause) } catch { return }
            }
        }
    }

    private func round() async {
        do {
            let nowMs = Clock.system.nowMs()
            let count = try await removal.run(deletedBefore: nowMs - Int64(graceDays) * Self.dayMs)
            guard count > 0 else { return }
            logger.notice("repositories were purged", metadata: ["count": "\(count)"])
            _ = try await removal.files.collectGarbage(releasedBeforeMs: Clock.system.nowMs())
        } catch is CancellationError {
            return
        } catch {
            logger.error("a repository could not be purged", metadata: ["error": "\(error)"])
        }
    }
}
