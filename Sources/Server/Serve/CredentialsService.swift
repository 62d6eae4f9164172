import Accounts
import Logging
import ServiceLifecycle

/// Writes down beside the requests when credentials were used, and removes those that have ended.
struct CredentialsService: Service {
    private static let pause = Duration.seconds(30)
    private static let pausesBetweenRemovals = 120

    private let authentication: Authentication
    private let logger: Logger

    init(_ authentication: Authentication, logger: Logger) {
        self.authentication = authentication
        self.logger = logger
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var rounds = 0
            while !Task.isCancelled {
                await round(removing: rounds % Self.pausesBetweenRemovals == 0)
                rounds += 1
                // It fails only when it is cancelled, which the loop sees.
                try? await Task.sleep(for: Self.pause)
            }
        }
        await round(removing: false)
    }

    private func round(removing: Bool) async {
        do {
            try await authentication.writeUses()
            if removing { try await authentication.removeOld() }
        } catch {
            logger.error("the use of credentials was not written down", metadata: ["error": "\(error)"])
        }
    }
}
