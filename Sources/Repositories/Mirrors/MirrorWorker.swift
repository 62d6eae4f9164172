import Core

/// Runs the mirrors that are due, for as long as a server runs.
package struct MirrorWorker: Sendable {
    private let repositories: Repositories
    private let note: @Sendable (any Error) -> Void

    private var queue: MirrorQueue { MirrorQueue(database: repositories.database) }

    /// How many run at the most.
    private static let mostUnderWay = 4

    /// - Parameters:
    ///   - repositories: Whose mirrors.
    ///   - note: Told of faults of this server; the worker goes on.
    package init(_ repositories: Repositories, note: @escaping @Sendable (any Error) -> Void) {
        self.repositories = repositories
        self.note = note
    }

    /// Takes and runs what is due until it is cancelled; what is under way then is due again at once.
    package func run() async {
        await WorkLoop(count: Self.mostUnderWay, next: runNext, note: note).run()
    }

    /// Runs the mirror that has been due for longest.
    ///
    /// - Returns: False where none is due.
    /// - Throws: `DatabaseError` where the database fails.
    package func runNext() async throws -> Bool {
        guard let attempt = try await queue.take() else { return false }
        let outcome = await outcome(of: attempt)
        // Also where this server is being stopped.
        try await Task { [queue] in try await queue.finish(attempt, outcome) }.value
        return true
    }

    private func outcome(of attempt: MirrorQueue.Attempt) async -> MirrorQueue.Outcome {
        do {
            if try await repositories.isResting(attempt.caller.workspace, attempt.direction) {
                return .resting("The repository is archived: it is only read.")
            }
            return try await holding(attempt) { try await follow(attempt) }
        } catch is CancellationError {
            return .cutOff
        } catch let failure as MirrorFailure {
            return Task.isCancelled ? .cutOff : .failed(failure.description)
        } catch let failure as Failure {
            return .failed(failure.message)
        } catch {
            if Task.isCancelled { return .cutOff }
            note(error)
            return .failed("It failed on this server, whose log says why.")
        }
    }

    private func follow(_ attempt: MirrorQueue.Attempt) async throws -> MirrorQueue.Outcome {
        let workspace = attempt.caller.workspace
        let password = try attempt.secret.map { sealed in
            try repositories.mirrorMeans.secrets.open(
                sealed,
                MirrorQueue.owner(of: workspace, attempt.address, attempt.userName)
            )
        }
        let remote = try await Remote.find(
            RemoteSource(address: attempt.address, userName: attempt.userName, password: password),
            of: repositories
        )
        switch attempt.direction {
        case .pull:
            try await repositories.storage.ensure(workspace)
            return try await pull(remote, attempt)
        case .push:
            guard repositories.storage.exists(workspace) else { return .synced(changes: 0) }
            // First the files, without which some servers do not take what names them.
            let report = try await repositories.sendLargeFiles(to: remote, for: attempt.caller)
            try await repositories.push(to: remote, for: attempt.caller)
            return .synced(changes: 0, lacking: report.lacking)
        }
    }

    private func pull(_ remote: Remote, _ attempt: MirrorQueue.Attempt) async throws -> MirrorQueue.Outcome {
        let count = try await repositories.pull(remote, for: attempt.caller).count
        let version = try await repositories.refLog.version(of: attempt.caller.workspace)
        guard version != attempt.largeFilesVersion else { return .synced(changes: count) }
        let report = try await repositories.fetchLargeFiles(from: remote, for: attempt.caller)
        return .synced(
            changes: count,
            lacking: report.lacking,
            largeFilesVersion: report.lacking == nil ? version : nil
        )
    }

    /// Runs a body while the lease is renewed, and ends it where the lease, or the time, is over.
    private func holding(
        _ attempt: MirrorQueue.Attempt,
        _ body: @escaping @Sendable () async throws -> MirrorQueue.Outcome
    ) async throws -> MirrorQueue.Outcome {
        let seconds = repositories.mirrorMeans.limits.timeSeconds
        return try await withThrowingTaskGroup(of: MirrorQueue.Outcome.self) { group in
            group.addTask(operation: body)
            group.addTask {
                try await Task.sleep(for: .seconds(seconds))
                throw MirrorFailure("It took longer than \(seconds) seconds, which is the limit here.")
            }
            group.addTask {
                try await Lease.hold(forMs: MirrorQueue.leaseMs) { try await queue.renew(attempt) }
            }
            defer { group.cancelAll() }
            guard let first = try await group.next() else { preconditionFailure("three tasks were begun") }
            return first
        }
    }
}
