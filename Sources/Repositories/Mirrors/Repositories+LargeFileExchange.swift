package import Core

extension Repositories {
    /// Gets from another server the large files that the history of a repository names and the repository lacks.
    ///
    /// - Parameters:
    ///   - source: The other server's repository.
    ///   - caller: Who asks, and into which repository.
    /// - Returns: What came, and what did not and why.
    /// - Throws: `Failure.invalid` for an address that may not be asked; `Failure.featureDisabled` where this server keeps no
    ///   large files.
    package func fetchLargeFiles(
        from source: RemoteSource,
        for caller: Caller
    ) async throws -> LargeFileReport {
        guard mirrorMeans.files != nil else {
            throw Failure(.featureDisabled, "This server keeps no large files.")
        }
        try await storage.ensure(caller.workspace)
        let report = try await telling {
            try await git.slots.hold(for: caller.account?.gitClient) {
                try await inTime {
                    try await fetchLargeFiles(from: Remote.find(source, of: self), for: caller)
                }
            }
        }
        if report.isWhole { try await arrivals(for: caller).noteWhole() }
        return report
    }

    /// Ends a body that takes longer than a run may.
    private func inTime(
        _ body: @escaping @Sendable () async throws -> LargeFileReport
    ) async throws -> LargeFileReport {
        let seconds = mirrorMeans.limits.timeSeconds
        return try await withThrowingTaskGroup(of: LargeFileReport.self) { group in
            group.addTask(operation: body)
            group.addTask {
                try await Task.sleep(for: .seconds(seconds))
                throw MirrorFailure("It took longer than \(seconds) seconds, which is the limit here.")
            }
            defer { group.cancelAll() }
            guard let report = try await group.next() else { preconditionFailure("two tasks were begun") }
            return report
        }
    }

    /// Nothing comes to a server that keeps no large files.
    func fetchLargeFiles(from remote: Remote, for caller: Caller) async throws -> LargeFileReport {
        try await exchange(with: remote, for: caller)?.fetch() ?? LargeFileReport()
    }

    func sendLargeFiles(to remote: Remote, for caller: Caller) async throws -> LargeFileReport {
        try await exchange(with: remote, for: caller)?.send() ?? LargeFileReport()
    }

    private func exchange(with remote: Remote, for caller: Caller) -> LargeFileExchange? {
        guard let files = mirrorMeans.files else { return nil }
        let limits = mirrorMeans.limits
        return LargeFileExchange(
            git: reading(for: caller),
            store: largeFiles(in: files, for: caller),
            remote: RemoteLargeFiles(of: remote.source, at: remote.address, by: mirrorMeans.client),
            limitBytes: limits.receivedBytes,
            // Half of the time is for the branches.
            end: .now + .seconds(max(1, limits.timeSeconds / 2))
        )
    }
}
