import Logging
import ServiceLifecycle
import Testing

@testable import Server

@Suite struct RequestServiceTests {
    private struct Refused: Error {}

    /// Has a client that never ends its request.
    private struct Stuck: Service {
        func run() async throws {
            try await Task.sleep(for: .seconds(3_600))
        }
    }

    /// Ends with its last request.
    private struct Orderly: Service {
        func run() async throws {
            try await gracefulShutdown()
        }
    }

    private struct Failing: Service {
        func run() async throws { throw Refused() }
    }

    @Test func `requests that do not end are cut off`() async throws {
        try await stop(RequestService(requests: Stuck(), patience: .milliseconds(50)))
    }

    @Test func `a stop waits no longer than the requests do`() async throws {
        try await stop(RequestService(requests: Orderly(), patience: .seconds(3_600)))
    }

    @Test func `what keeps requests from being answered is told`() async throws {
        await #expect(throws: Refused.self) { try await RequestService(requests: Failing()).run() }
    }

    /// Ends where the service has stopped in order.
    private func stop(_ service: any Service) async throws {
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(services: [service], logger: Logger(label: "test"))
        )
        let start = ContinuousClock.now
        await group.triggerGracefulShutdown()
        try await group.run()
        #expect(ContinuousClock.now - start < .seconds(60))
    }
}
