import Core
import Logging
import ObjectStore
import ServiceLifecycle

/// Purges beside the requests the repositories whose time of grace is over, and frees what nothing names any more.
struct RemovalService: Service {
    private static let pause = Duration.seconds(600)
    /// A collection looks at every stored file, so it comes once a day, and not at every start.
    private static let roundsOfDay = 144
    private static let firstCollection = 6
    private static let dayMs: Int64 = 86_400_000

    private let removal: RepositoryRemoval
    private let graceDays: Int
    private let logger: Logger
    private let check: @Sendable () async throws -> Void

    /// - Parameters:
    ///   - removal: What removes repositories.
    ///   - graceDays: How long a deleted one can be taken back.
    ///   - logger: Where it is told what was removed, and what could not be.
    ///   - check: Throws where the folders of this server are not those of its database: nothing is deleted then.
    init(
        _ removal: RepositoryRemoval,
        graceDays: Int,
        logger: Logger,
        check: @escaping @Sendable () async throws -> Void
    ) {
        self.removal = removal
        self.graceDays = graceDays
        self.logger = logger
        self.check = check
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var rounds = 0
            while !Task.isCancelled {
                await round(isDaily: rounds % Self.roundsOfDay == Self.firstCollection)
                rounds += 1
                do { try await Task.sleep(for: Self.pause) } catch { return }
            }
        }
    }

    /// - Parameter isDaily: Whether space is freed though nothing was purged.
    func round(isDaily: Bool) async {
        do {
            try await check()
            let hasReleased = try await purge()
            if isDaily || hasReleased { try await collect() }
        } catch is CancellationError {
            return
        } catch {
            logger.error("what was deleted could not be removed for good", metadata: ["error": "\(error)"])
        }
    }

    /// - Returns: Whether there is something to be freed now.
    private func purge() async throws -> Bool {
        let nowMs = Clock.system.nowMs()
        do {
            let count = try await removal.run(deletedBefore: nowMs - Int64(graceDays) * Self.dayMs)
            if count > 0 { logger.notice("repositories were purged", metadata: ["count": "\(count)"]) }
            return count > 0
        } catch let error as CancellationError {
            throw error
        } catch {
            logger.error("a repository could not be purged", metadata: ["error": "\(error)"])
            // The others were purged all the same, and nobody counts them again.
            return try await removal.files.hasReleased(beforeMs: Clock.system.nowMs())
        }
    }

    private func collect() async throws {
        let freed = try await removal.files.collectGarbage(releasedBeforeMs: Clock.system.nowMs())
        let objects = freed.objects + freed.orphans
        guard objects > 0 else { return }
        logger.info(
            "space was freed",
            metadata: ["objects": "\(objects)", "bytes": "\(freed.sizeBytes)"]
        )
    }
}
