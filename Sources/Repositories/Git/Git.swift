package import Core

/// The Git content of one repository, opened for a caller: refs, commits and trees.
///
/// It is read in the bare repository by libgit2, without a work tree, an index or a hook; a file of the
/// content never becomes a file of the server.
package struct Git: Sendable {
    /// Where the bare repository lies.
    let path: String
    let caller: Caller
    let handles: GitHandles
    let searches: LastCommitSearches

    func run<Result: Sendable>(
        _ body: @escaping @Sendable (OpenRepository) throws -> Result
    ) async throws -> Result {
        try await handles.run(at: path, body)
    }
}

extension Repositories {
    /// The Git content of the caller's repository.
    package func git(for caller: Caller) -> Git {
        Git(
            path: path(of: caller.workspace),
            caller: caller,
            handles: handles,
            searches: searches
        )
    }
}
