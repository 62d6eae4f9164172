/// Brings what waits for a server to come into new repositories, for as long as the server runs.
package struct ArrivalWorker: Sendable {
    private let repositories: Repositories
    private let note: @Sendable (any Error) -> Void

    private static let mostUnderWay = 4

    /// - Parameters:
    ///   - repositories: Into which it comes.
    ///   - note: Told of faults of this server; the worker goes on.
    package init(_ repositories: Repositories, note: @escaping @Sendable (any Error) -> Void) {
        self.repositories = repositories
        self.note = note
    }

    /// Brings what waits until it is cancelled; what is under way then waits for the next server.
    package func run() async {
        await WorkLoop(count: Self.mostUnderWay, next: runNext, note: note).run()
    }

    /// Brings what has waited for longest.
    ///
    /// - Returns: False where nothing waits.
    /// - Throws: `DatabaseError` and `GitError` where this server fails.
    package func runNext() async throws -> Bool { try await ArrivalStore.bringNext(of: repositories) }
}
