import ServiceLifecycle

/// Answers requests; when the server stops, those that have begun have some time to end, and then are cut off.
///
/// A client that sends half a request and no more would hold up the stop for minutes otherwise.
struct RequestService: Service {
    let requests: any Service
    /// How long they have; to close their connections and to stop the rest takes some seconds more.
    var patience = Duration.seconds(15)

    func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await requests.run() }
            group.addTask {
                try await gracefulShutdown()
                try await Task.sleep(for: patience)
            }
            defer { group.cancelAll() }
            // Whatever ends first ends both.
            _ = try await group.next()
        }
    }
}
