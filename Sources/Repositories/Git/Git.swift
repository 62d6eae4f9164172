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
    let watch: RefWatch

    func run<Result: Sendable>(
        _ body: @escaping @Sendable (OpenRepository) throws -> Result
    ) async throws -> Result {
        try await handles.run(at: path, body)
    }

    /// Changes refs under the eyes of the watch.
    func change(_ updates: [RefUpdate]) async throws {
        guard !updates.isEmpty else { return }
        try await watch.around(caller, updates) {
            try await run { repository in
                for update in updates { try repository.update(update) }
            }
        }
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

    /// Lets everything happen and records nothing.
    package static let none = RefWatch { _, _, change in try await change() }
}

extension Repositories {
    /// The Git content of the caller's repository.
    ///
    /// The watch sees every change of refs.
    package func git(for caller: Caller, watch: RefWatch = .none) -> Git {
        Git(
            path: path(of: caller.workspace),
            caller: caller,
            handles: handles,
            searches: searches,
            watch: watch
        )
    }
}
