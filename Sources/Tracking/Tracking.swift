package import Core
package import Database

/// Tracking on one database: the stores of its features are opened here, each for a caller.
package struct Tracking: Sendable {
    let database: any Database
    let names: NameTable
    /// What searches wish to be sorted.
    package let sorter: NameSorter
    /// Where the artifacts of an experiment lie that names no place of its own, such as `mlflow-artifacts:/`.
    let artifactRoot: String
    /// Ends what other rooms keep of an experiment, in the transaction that purges it.
    let forget: @Sendable (_ experiment: Int64, Caller, any Connection) throws -> Void

    /// What the experiment `0` is called until somebody calls it otherwise.
    static let firstName = "Default"

    /// - Parameters:
    ///   - database: Where everything is kept.
    ///   - artifactRoot: Where artifacts lie, such as `mlflow-artifacts:/`.
    ///   - forget: Ends what other rooms keep of an experiment that is purged.
    package init(
        database: any Database,
        artifactRoot: String,
        forget: @escaping @Sendable (Int64, Caller, any Connection) throws -> Void = { _, _, _ in }
    ) {
        self.database = database
        self.artifactRoot = artifactRoot
        self.forget = forget
        names = NameTable()
        sorter = NameSorter()
    }

    package func experiments(for caller: Caller) -> ExperimentStore {
        ExperimentStore(tracking: self, caller: caller)
    }

    package func runs(for caller: Caller) -> RunStore {
        RunStore(tracking: self, caller: caller)
    }

    package func imports(for caller: Caller) -> ImportStore {
        ImportStore(tracking: self, caller: caller)
    }

    package func datasets(for caller: Caller) -> DatasetStore {
        DatasetStore(tracking: self, caller: caller)
    }

    package func loggedModels(for caller: Caller) -> LoggedModelStore {
        LoggedModelStore(tracking: self, caller: caller)
    }

    package func purges(for caller: Caller) -> PurgeStore {
        PurgeStore(tracking: self, caller: caller)
    }

    /// Makes the experiment `0` of the default workspace where it has never been.
    package func prepare(for caller: Caller) async throws {
        try await database.write { connection in
            let isNew =
                try connection.first(
                    "SELECT next_experiment_id FROM workspaces WHERE workspace_id = \(caller.workspace.key) \(.forUpdate)"
                ) { $0.int(0) == 0 } ?? false
            if isNew { try makeFirstExperiment(for: caller, in: connection) }
        }
    }

    /// Makes what a new workspace has from its first moment on: its numbers, and the experiment `0`.
    ///
    /// - Parameters:
    ///   - caller: Whose workspace it is.
    ///   - connection: The transaction that makes the workspace.
    /// - Throws: `DatabaseError` where the database fails.
    package func furnish(for caller: Caller, in connection: any Connection) throws {
        try connection.execute(
            """
            INSERT INTO workspaces (workspace_id, name, next_experiment_id)
            VALUES (\(caller.workspace.key), \("repository \(caller.workspace.key)"), 0)
            """
        )
        try makeFirstExperiment(for: caller, in: connection)
    }

    private func makeFirstExperiment(for caller: Caller, in connection: any Connection) throws {
        _ = try experiments(for: caller).insert(
            NewExperiment(name: Self.firstName, artifactLocation: nil, tags: []),
            in: connection
        )
    }

    /// Where the artifacts of new experiments lie.
    ///
    /// What this server keeps is apart by workspace already; in a store of somebody else a repository has a folder.
    func artifactRoot(in workspace: WorkspaceID) -> String {
        guard workspace != .standard, !artifactRoot.hasPrefix("mlflow-artifacts:") else {
            return artifactRoot
        }
        return appending("workspaces/\(workspace.key)", to: artifactRoot)
    }
}
