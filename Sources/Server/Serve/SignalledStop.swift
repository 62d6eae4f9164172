import Glibc
import Logging
import ServiceLifecycle
import UnixSignals

/// Stops services when SIGTERM or SIGINT comes: in order at the first, at once at the second or when it takes too long.
///
/// What clients were told is done is on the disk by then, so that an end at once loses nothing of it.
struct SignalledStop: Sendable {
    /// Who runs servers waits for thirty seconds or more, and then kills them.
    private static let limit = Duration.seconds(24)
    /// In which the last line of the log is written.
    private static let lastPause = Duration.seconds(1)

    let logger: Logger

    /// Runs services until they have stopped, and what is to be done after them.
    func run(_ services: ServiceGroup, finally end: () async throws -> Void) async throws {
        // From before the first of them has started, so that no signal is missed.
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await watch(signals, services) }
            defer { group.cancelAll() }
            try await services.run()
            try await end()
        }
    }

    /// Watches until it is cancelled, which is when everything has stopped.
    private func watch(_ signals: UnixSignalsSequence, _ services: ServiceGroup) async {
        await withTaskGroup(of: Void.self) { group in
            var isStopping = false
            for await signal in signals {
                // As the shell tells of a process that a signal has ended.
                guard !isStopping else { _exit(128 + signal.rawValue) }
                isStopping = true
                await services.triggerGracefulShutdown()
                group.addTask { await endLate() }
            }
        }
    }

    private func endLate() async {
        do {
            try await Task.sleep(for: Self.limit)
            logger.error("the server did not stop in time and was ended")
            try await Task.sleep(for: Self.lastPause)
        } catch {
            // It has stopped before.
            return
        }
        _exit(1)
    }
}
