package import Core

/// The Git content of one repository, opened for a caller: refs, commits, trees, and changes to them.
///
/// It is read and written in the bare repository by libgit2, without a work tree, an index or a hook; a file of the
/// content never becomes a file of the server.
package struct Git: Sendable {
    /// Where the bare repository lies.
    let path: String
    let caller: Caller
    let handles: GitHandles
    let searches: LastCommitSearches
    let readers: ReaderSlots
    let pace: Pace
    let watch: RefWatch

    /// The `git` program, to read with.
    var reader: GitReader {
        GitReader(repository: path, client: caller.gitClient, slots: readers, pace: pace)
    }

    func run<Result: Sendable>(
        _ body: @escaping @Sendable (OpenRepository) throws -> Result
    ) async throws -> Result {
        try await handles.run(at: path, body)
    }

    /// Changes refs under the eyes of the watch.
    func change(_ updates: [RefUpdate]) async throws {
        guard !updates.isEmpty else { return }
        try await watch.around(caller, updates) {
            for update in updates { try await self.update(update) }
        }
    }

    /// What a server that was killed has locked is free again within this time.
    static let lockPatience = Duration.seconds(10)
    /// How long a change waits for who has locked the ref.
    var patience = Self.lockPatience

    /// Changes a ref when nobody else writes it.
    ///
    /// - Throws: `Failure.unavailable` where somebody does so for too long: to begin anew at once would not help.
    func update(_ update: RefUpdate) async throws {
        let end = ContinuousClock.now + patience
        while true {
            do {
                return try await run { try $0.update(update) }
            } catch is LockedRef {
                guard .now < end else { throw Self.locked(update) }
                try await Task.sleep(for: .milliseconds(20))
            }
        }
    }

    private static func locked(_ update: RefUpdate) -> Failure {
        .unavailable("'\(update.ref)' is locked by somebody who writes it: try again in a while.")
    }
}

/// Stands around every change of refs: it may refuse the change, and records what came of it.
package struct RefWatch: Sendable {
    /// Is given who changes what, and the change, which it runs once or refuses by throwing.
    package typealias Around = @Sendable (Caller, [RefUpdate], () async throws -> Void) async throws -> Void

    let around: Around

    package init(_ around: @escaping Around) {
        self.around = around
    }

    /// Lets nothing happen: what was opened to be read is not written by mistake.
    static let refusing = RefWatch { _, _, _ in
        throw Failure(.internalError, "The content was opened to be read.")
    }

    /// Lets everything happen and records nothing.
    package static let none = RefWatch { _, _, change in try await change() }

    /// Holds changes to the rules of the repository, and records them as those of a push.
    static func guarding(_ repositories: Repositories, for pusher: Pusher) -> RefWatch {
        RefWatch { caller, updates, change in
            let git = repositories.git(for: caller, watch: .none)
            let rules = try await repositories.refRules(for: caller).pushRules(for: pusher)
            for update in updates {
                let reason = try await rules.refusal(
                    of: update.ref,
                    from: update.before?.description,
                    to: update.after?.description
                ) { before, after in
                    try await git.mergeBase(of: Revision(before), and: Revision(after))?.description == before
                }
                if let reason { throw Failure(.permissionDenied, reason) }
            }
            let changes = updates.map {
                RefChange($0.ref, from: $0.before?.description, to: $0.after?.description)
            }
            try await repositories.refLog.recording(changes, by: caller, change)
            try await git.refreshLastCommits(after: updates)
        }
    }
}

extension Repositories {
    /// The Git content of a repository, for somebody who may change what the rules of the repository let them.
    package func git(for pusher: Pusher) -> Git {
        git(for: pusher.caller, watch: .guarding(self, for: pusher))
    }

    /// The Git content of the caller's repository.
    ///
    /// - Parameters:
    ///   - caller: Who reads it.
    ///   - watch: Sees every change of refs.
    /// - Returns: The content.
    package func git(for caller: Caller, watch: RefWatch) -> Git {
        Git(
            path: path(of: caller.workspace),
            caller: caller,
            handles: handles,
            searches: searches,
            readers: readers,
            pace: conversations.pace,
            watch: watch
        )
    }

    /// The Git content of the caller's repository, to read it.
    package func reading(for caller: Caller) -> Git { git(for: caller, watch: .refusing) }

    /// Carries what is known of the last commits of folders over to what a push has brought.
    package func refreshLastCommits(after changes: [RefChange], for caller: Caller) async throws {
        let updates = changes.map { change in
            RefUpdate(
                ref: change.name,
                before: change.before.flatMap { ObjectID($0) },
                after: change.after.flatMap { ObjectID($0) }
            )
        }
        try await reading(for: caller).refreshLastCommits(after: updates)
    }
}
