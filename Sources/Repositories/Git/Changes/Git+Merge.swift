import Core

extension Git {
    /// Whether one revision can be merged into another; nothing is changed.
    ///
    /// - Throws: `Failure.missing` if there is no such revision.
    package func mergeability(of head: Revision, into base: Revision) async throws -> Mergeability {
        try await run { repository in
            try repository.mergeability(
                of: repository.resolve(head).commit,
                into: repository.resolve(base).commit
            )
        }
    }

    /// Merges a revision into a branch.
    ///
    /// - Returns: What came of it; conflicts are an outcome, and leave everything as it was.
    /// - Throws: `Failure.missing` if there is no such branch or revision; `.invalidState` if a tip is another than
    ///   expected or the branch cannot be moved on; `.invalid` if the histories have nothing in common.
    package func merge(_ request: MergeRequest) async throws -> MergeOutcome {
        let outcome = try await run { try $0.prepare(request) }
        if case .merged(let change) = outcome { try await self.change(change.updates) }
        return outcome
    }
}
