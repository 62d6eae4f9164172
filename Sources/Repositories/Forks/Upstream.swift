package import Core

/// The repository that a fork comes from, as the fork sees it: how far they have parted, and how what is new there comes here.
///
/// Whether who asks may read the one and write into the other is asked before.
package struct Upstream: Sendable {
    let repositories: Repositories
    let parent: WorkspaceID
    /// Who asks, and in which fork.
    let caller: Caller

    private var own: Git { repositories.reading(for: caller) }
    private var theirs: Git {
        repositories.reading(for: Caller(name: caller.name, account: caller.account, workspace: parent))
    }

    /// How a branch of the fork stands to the one of the parent that it goes with.
    package struct Standing: Sendable, Hashable {
        /// What the branch is called there.
        package let branch: BranchName
        /// What the fork is ahead of it and behind it; nil where that takes too long to count.
        package let divergence: Divergence?
    }

    /// How what is new in the parent came into a branch of the fork.
    package enum Outcome: Sendable, Hashable {
        case upToDate(from: BranchName)
        /// The branch had nothing of its own and moved on, or was not there yet.
        case fastForwarded(from: BranchName, to: ObjectID)
        /// A commit joins both.
        case merged(from: BranchName, by: ObjectID)
        /// Both have changed these files. Nothing was done.
        case conflicts(from: BranchName, [TreePath])
    }

    /// - Parameters:
    ///   - branch: A branch of the fork.
    ///   - limit: How long commits are counted; how many there are is up to whoever pushed.
    /// - Returns: How it stands; nil where the parent has no branch for it.
    /// - Throws: `Failure.missing` where the fork has no such branch.
    package func standing(
        of branch: BranchName,
        within limit: Duration = .seconds(2)
    ) async throws -> Standing? {
        let tip = try await own.branch(branch).commit
        guard let (name, theirTip) = try await counterpart(of: branch) else { return nil }
        guard tip != theirTip else {
            return Standing(branch: name, divergence: Divergence(ahead: 0, behind: 0))
        }
        let divergence = try await repositories.handles.run(
            at: repositories.path(of: caller.workspace),
            beside: repositories.path(of: parent)
        ) { try $0.divergence(of: tip, from: theirTip, within: SearchTime(limit: limit)) }
        return Standing(branch: name, divergence: divergence)
    }

    /// Brings what the parent has and a branch of the fork lacks into the branch, with the large files.
    ///
    /// - Parameters:
    ///   - branch: The branch of the fork, which is made where it is not there.
    ///   - pusher: Whose change it is, which is judged as a push is.
    ///   - isFastForwardOnly: Whether a branch with commits of its own stays as it is.
    ///   - parentName: What the parent is called, for the message of a merge.
    ///   - author: Who merges.
    /// - Returns: What came of it.
    /// - Throws: `Failure.missing` where the parent has no branch for it; `.permissionDenied` where a rule forbids it;
    ///   `.invalidState` where a branch has commits of its own that may have none.
    package func bring(
        into branch: BranchName,
        for pusher: Pusher,
        isFastForwardOnly: Bool = false,
        from parentName: String,
        by author: Signature
    ) async throws -> Outcome {
        let tip = try await own.run { try $0.target(of: branch.ref) }
        guard let (name, theirTip) = try await counterpart(of: branch) else {
            throw Failure.missing("'\(parentName)' has no branch '\(branch)' that this one could follow.")
        }
        try await take(theirTip)
        guard let tip else {
            // As where the parent was empty when the fork was made.
            try await repositories.copyLargeFiles(from: parent, to: caller.workspace)
            _ = try await repositories.git(for: pusher).createBranch(branch, at: Revision(theirTip))
            return .fastForwarded(from: name, to: theirTip)
        }
        let method: MergeMethod
        switch try await own.mergeability(of: Revision(theirTip), into: Revision(tip)) {
        case .upToDate: return .upToDate(from: name)
        case .fastForward: method = .fastForward
        case .unrelated:
            throw Failure.invalid("'\(branch)' and '\(name)' of \(parentName) have no history in common.")
        case .clean, .conflicts:
            guard !isFastForwardOnly else {
                throw Failure(
                    .invalidState,
                    "'\(branch)' has commits that '\(name)' of \(parentName) has not: it cannot move on without a merge."
                )
            }
            method = .merge
        }
        // What names large files comes after them.
        try await repositories.copyLargeFiles(from: parent, to: caller.workspace)
        let request = MergeRequest(
            Revision(theirTip),
            into: branch,
            by: method,
            message: "Merge branch '\(name)' of \(parentName)",
            author: author
        )
        switch try await repositories.git(for: pusher).merge(request) {
        case .conflicts(let paths): return .conflicts(from: name, paths)
        case .merged(let change) where change.updates.isEmpty: return .upToDate(from: name)
        case .merged(let change) where change.commit == theirTip:
            return .fastForwarded(from: name, to: change.commit)
        case .merged(let change): return .merged(from: name, by: change.commit)
        }
    }

    /// The branch of the parent that one of the fork goes with: of the same name, or the default one for the default one.
    private func counterpart(of branch: BranchName) async throws -> (name: BranchName, tip: ObjectID)? {
        guard repositories.storage.exists(parent) else { return nil }
        var names = [branch]
        if try await own.defaultBranch() == branch, let other = try await theirs.defaultBranch() {
            names.append(other)
        }
        return try await theirs.run { [names] repository in
            for name in names {
                if let tip = try repository.target(of: name.ref) { return (name, tip) }
            }
            return nil
        }
    }

    /// Copies a commit of the parent with all that it stands on; no ref of the fork names it yet.
    private func take(_ commit: ObjectID) async throws {
        let isHere = try await own.run { try $0.findLinks(of: commit) != nil }
        guard !isHere else { return }
        let source = repositories.path(of: parent)
        let command = GitProgram.Command(
            arguments: [
                "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules",
                "--no-auto-maintenance", "--", source, "\(commit)",
            ],
            repository: repositories.path(of: caller.workspace),
            settings: [("protocol.file.allow", "always"), ("safe.directory", source)]
        )
        _ = try await repositories.git.slots.hold(for: caller.account?.gitClient) {
            try await repositories.git.require(command, timeLimit: .seconds(3_600))
        }
    }
}

extension Repositories {
    /// The repository that a fork comes from, as the caller's fork sees it.
    package func upstream(_ parent: WorkspaceID, of fork: Caller) -> Upstream {
        Upstream(repositories: self, parent: parent, caller: fork)
    }
}
