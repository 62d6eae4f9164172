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
        // Who did not say which tip they mean merges into whatever is there when it is their turn.
        let mostAttempts = request.expectedBase == nil ? 30 : 1
        for attempt in 1... {
            let outcome = try await run { try $0.prepare(request) }
            guard case .merged(let change) = outcome else { return outcome }
            do {
                try await self.change(change.updates)
                return outcome
            } catch let failure as Failure where failure.code == .invalidState && attempt < mostAttempts {
                continue
            }
        }
        preconditionFailure("the last attempt returns or throws")
    }
}
