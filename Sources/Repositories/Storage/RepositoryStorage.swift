package import Core
import Database
import Glibc
import NIOPosix

/// Makes, copies and removes the folders of repositories.
package struct RepositoryStorage: Sendable {
    let repositories: Repositories

    private var git: GitProgram { repositories.git }

    /// Makes the folders of the room, and what `git` starts there for pushes.
    ///
    /// - Parameter program: The absolute path of this program, which the hook of pushes starts.
    /// - Throws: `GitError` where something cannot be written.
    package func prepare(program: String) throws {
        try PrivateFiles.makeFolder(repositories.folder)
        try PrivateFiles.makeFolder(git.support)
        try PrivateFiles.makeFolder(git.support + "/home")
        try PrivateFiles.makeFolder(git.hooksFolder)
        try PrivateFiles.makeFolder("\(git.support)/\(PushClearance.folder)")
        try PrivateFiles.write(
            PushHook.script(program: program),
            to: git.hooksFolder + "/pre-receive",
            mode: 0o700
        )
        try WholePack.prepare(in: git.support)
        try removeLeftovers()
        try removeClearances(madeBefore: .max)
    }

    /// Removes what a killed server was making or removing.
    private func removeLeftovers() throws {
        for name in try PrivateFiles.names(in: repositories.folder)
        where name.contains(".git.draft-") || name.hasSuffix(".git.removed") {
            try PrivateFiles.remove("\(repositories.folder)/\(name)")
        }
        for name in try PrivateFiles.names(in: git.support) where name.hasPrefix("probe-") {
            try PrivateFiles.remove("\(git.support)/\(name)")
        }
    }

    /// Whether the repository of a workspace is on disk.
    package func exists(_ workspace: WorkspaceID) -> Bool {
        access(repositories.path(of: workspace) + "/HEAD", F_OK) == 0
    }

    /// Makes an empty repository; one that is there stays as it is.
    ///
    /// - Parameters:
    ///   - workspace: Whose.
    ///   - branch: The branch that is shown first, once it is there.
    /// - Throws: `Failure.invalid` for a branch that `git` refuses.
    package func create(_ workspace: WorkspaceID, branch: String = "main") async throws {
        try await place(workspace) { draft in
            try await initialize(draft, branch: branch)
        }
    }

    /// Makes an empty repository where there is none yet.
    package func ensure(_ workspace: WorkspaceID) async throws {
        if !exists(workspace) { try await create(workspace) }
    }

    /// Makes an empty repository, in place of an empty one in which something was begun.
    func begin(_ workspace: WorkspaceID) async throws {
        try await place(workspace, replacingEmpty: true) { draft in
            try await initialize(draft, branch: "main")
        }
    }

    /// Copies a repository for a fork: its branches, tags and notes, with nothing shared that could go with the parent.
    ///
    /// - Parameters:
    ///   - parent: What is copied.
    ///   - fork: Where to.
    ///   - client: Whose share of the processes it takes; nil for the server itself.
    /// - Throws: `GitError` where it cannot be copied.
    package func copy(
        _ parent: WorkspaceID,
        to fork: WorkspaceID,
        for client: String? = nil
    ) async throws {
        let source = repositories.path(of: parent)
        try await place(fork, replacingEmpty: true) { draft in
            let head = try await git.require(
                GitProgram.Command(arguments: ["symbolic-ref", "--short", "HEAD"], repository: source)
            )
            try await initialize(draft, branch: head.lines.first.map(String.init) ?? "main")
            _ = try await git.slots.hold(for: client) {
                try await git.require(
                    GitProgram.Command(
                        arguments: [
                            "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--", source,
                        ] + RefName.folders.map { "\($0)*:\($0)*" },
                        repository: draft,
                        settings: [("protocol.file.allow", "always"), ("safe.directory", source)]
                    ),
                    timeLimit: .seconds(3_600)
                )
            }
        }
    }

    /// Removes what processes have locked that were killed, in a thread that may wait for the disk.
    func removeLocks(
        _ extent: StaleLocks.Extent,
        of workspace: WorkspaceID,
        madeBefore beforeMs: Int64
    ) async throws {
        let locks = StaleLocks(repository: repositories.path(of: workspace))
        _ = try await NIOThreadPool.singleton.runIfActive { try locks.remove(extent, madeBefore: beforeMs) }
    }

    /// Removes a repository from disk; one that is not there is no error.
    package func remove(_ workspace: WorkspaceID) async throws {
        let path = repositories.path(of: workspace)
        let bin = "\(path).removed"
        // A large one takes long, so in a thread that may wait for the disk.
        try await NIOThreadPool.singleton.runIfActive {
            if rename(path, bin) != 0, errno != ENOENT { try PrivateFiles.fail("renaming", path) }
            repositories.handles.close(path)
            try PrivateFiles.remove(bin)
        }
        try await repositories.database.write { connection in
            try connection.execute("DELETE FROM git_refs WHERE workspace_id = \(workspace.key)")
            try connection.execute("DELETE FROM pushes WHERE workspace_id = \(workspace.key)")
            try connection.execute("DELETE FROM ref_rules WHERE workspace_id = \(workspace.key)")
            try connection.execute("DELETE FROM mirrors WHERE workspace_id = \(workspace.key)")
            try connection.execute("DELETE FROM arrivals WHERE workspace_id = \(workspace.key)")
            try connection.execute("DELETE FROM git_repositories WHERE workspace_id = \(workspace.key)")
        }
    }

    /// Makes a repository under another name, and gives it its own when it is whole.
    ///
    /// Of two who make the same at a time, the one that is whole first stays; unless it is an empty one, which whoever looked
    /// at a fork too early has made.
    private func place(
        _ workspace: WorkspaceID,
        replacingEmpty: Bool = false,
        _ make: (String) async throws -> Void
    ) async throws {
        let path = repositories.path(of: workspace)
        let draft = "\(path).draft-\(UInt64.random(in: .min ... .max))"
        do {
            try await make(draft)
            if replacingEmpty, exists(workspace), try await repositories.refLog.refs(of: workspace).isEmpty {
                let bin = "\(path).draft-\(UInt64.random(in: .min ... .max))"
                if rename(path, bin) != 0, errno != ENOENT { try PrivateFiles.fail("renaming", path) }
                try PrivateFiles.remove(bin)
                repositories.handles.close(path)
            }
            if rename(draft, path) != 0 {
                guard errno == ENOTEMPTY || errno == EEXIST else { try PrivateFiles.fail("renaming", draft) }
                try PrivateFiles.remove(draft)
            }
        } catch {
            try PrivateFiles.remove(draft)
            throw error
        }
        try PrivateFiles.syncFolder(repositories.folder)
    }

    private func initialize(_ path: String, branch: String) async throws {
        let made = try await git.run(
            GitProgram.Command(
                arguments: ["init", "--quiet", "--bare", "--template=", "--initial-branch=\(branch)"],
                repository: path
            )
        )
        guard made.isSuccess else {
            if made.error.contains("invalid initial branch name") {
                throw Failure.invalid("'\(branch)' is no name for a branch.")
            }
            throw GitError("git init failed: \(made.error)")
        }
    }
}
