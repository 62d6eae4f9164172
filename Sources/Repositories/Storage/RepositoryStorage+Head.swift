package import Core
import Database

extension RepositoryStorage {
    /// Refuses a branch that was not pushed, before anything else is done of which it is a part.
    ///
    /// - Parameters:
    ///   - branch: A branch.
    ///   - workspace: The repository.
    /// - Throws: `Failure.invalid` where there is no such branch.
    package func require(_ branch: BranchName, in workspace: WorkspaceID) async throws {
        let isThere = try await repositories.refLog.known(workspace).refs[branch.ref] != nil
        guard isThere else { throw Failure.invalid("There is no branch '\(branch)'.") }
    }

    /// Chooses the branch that is shown first, and that clients check out.
    ///
    /// - Parameters:
    ///   - branch: A branch that was pushed.
    ///   - workspace: The repository.
    /// - Throws: `Failure.invalid` where there is no such branch.
    package func setDefaultBranch(_ branch: BranchName, of workspace: WorkspaceID) async throws {
        try await require(branch, in: workspace)
        try await repositories.git.require(
            GitProgram.Command(
                arguments: ["symbolic-ref", "HEAD", branch.ref],
                repository: repositories.path(of: workspace)
            )
        )
        let head = String(branch.ref.dropFirst(RefName.branches.count))
        // A push that has looked at the disk before looks again.
        try await repositories.database.write { connection in
            _ = try connection.execute(
                """
                UPDATE git_repositories SET head = \(head), refs_version = refs_version + 1
                WHERE workspace_id = \(workspace.key)
                """
            )
        }
    }
}
