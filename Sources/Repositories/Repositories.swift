package import Core
package import Database
package import ObjectStore

/// The Git repositories of a server: a bare one for each workspace that has an address, in a folder of ours.
package struct Repositories: Sendable {
    let database: any Database
    /// The folder of all repositories; only this server writes into it.
    let folder: String
    let git: GitProgram
    /// How other servers are asked.
    let mirrorMeans: MirrorMeans
    /// Whether no mirror of this direction may run, since the repository is only read or is deleted.
    let isResting: @Sendable (WorkspaceID, Mirror.Direction) async throws -> Bool
    /// Told in the transaction that records a push.
    let pushed: @Sendable (WorkspaceID, any Connection) throws -> Void
    let handles = GitHandles()
    let searches = LastCommitSearches()
    /// The processes that read for the API; they are apart from those of `git` clients, which may run for long.
    let readers = ReaderSlots()

    /// - Parameters:
    ///   - database: Where rules, refs and pushes are noted.
    ///   - folder: An absolute path.
    ///   - processLimit: How many `git` processes of clients run at a time.
    ///   - conversations: How long a client may speak with one, and how slowly.
    ///   - mirrors: How other servers are asked.
    ///   - isResting: Whether no mirror of a direction may run: none changes a repository that is only read, and none sends one
    ///     that is deleted.
    ///   - pushed: Told in the transaction that records a push; for what another room keeps of it.
    package init(
        database: any Database,
        folder: String,
        processLimit: Int = 16,
        conversations: ConversationLimits = .standard,
        mirrors: MirrorMeans = MirrorMeans(),
        isResting: @escaping @Sendable (WorkspaceID, Mirror.Direction) async throws -> Bool = { _, _ in false
        },
        pushed: @escaping @Sendable (WorkspaceID, any Connection) throws -> Void = { _, _ in }
    ) {
        self.database = database
        self.folder = folder
        mirrorMeans = mirrors
        self.isResting = isResting
        self.pushed = pushed
        git = GitProgram(
            support: folder + "/.server",
            slots: GitSlots(count: processLimit),
            limits: conversations
        )
    }

    /// How long clients may speak with `git`, and how slowly.
    package var conversations: ConversationLimits { git.limits }

    /// Where the bare repository of a workspace lies.
    ///
    /// Security: the name is the key that the server made, so that no name of a caller's is ever part of a path.
    package func path(of workspace: WorkspaceID) -> String {
        "\(folder)/\(workspace.key).git"
    }

    package var storage: RepositoryStorage { RepositoryStorage(repositories: self) }
    package var refLog: RefLog { RefLog(repositories: self) }
    package var maintenance: Maintenance { Maintenance(repositories: self) }

    /// Git as clients speak it, for a repository.
    ///
    /// - Parameters:
    ///   - workspace: The repository.
    ///   - client: An account or an address, which has a share of the processes; nil in a program that serves one alone.
    /// - Returns: Its transport.
    package func transport(of workspace: WorkspaceID, for client: String? = nil) -> Transport {
        Transport(repositories: self, workspace: workspace, client: client)
    }

    /// The mirrors of a caller's repository.
    package func mirrors(for caller: Caller) -> MirrorStore {
        MirrorStore(repositories: self, caller: caller)
    }

    /// The releases of a caller's repository.
    package func releases(for caller: Caller) -> ReleaseStore {
        ReleaseStore(database: database, caller: caller)
    }

    /// The files of the releases of a caller's repository.
    package func releaseFiles(in files: FileStore, for caller: Caller) -> ReleaseFileStore {
        ReleaseFileStore(files: files, releases: releases(for: caller))
    }

    /// What may be pushed to the refs of a caller's workspace.
    package func refRules(for caller: Caller) -> RefRuleStore {
        RefRuleStore(repositories: self, caller: caller)
    }
}
