package import Core
package import Database

/// The accounts of a server on one database: who there is, what they have, and who may do what.
package struct Accounts: Sendable {
    let database: any Database
    /// Makes what belongs to a new workspace, in the transaction that makes the workspace.
    let furnish: @Sendable (Caller, any Connection) throws -> Void

    /// - Parameters:
    ///   - database: Where everything is kept.
    ///   - furnish: Makes what other rooms keep for a workspace from its first moment on, such as the experiment `0`.
    package init(
        database: any Database,
        furnish: @escaping @Sendable (Caller, any Connection) throws -> Void
    ) {
        self.database = database
        self.furnish = furnish
    }

    /// Says what somebody may do at an address.
    package var admission: Admission { Admission(database: database) }

    /// The repositories that somebody works in, as MLflow's workspaces.
    package func workspaces(for identity: Identity) -> WorkspaceStore {
        WorkspaceStore(accounts: self, identity: identity)
    }

    /// The repositories that somebody may see.
    package func repositories(for identity: Identity) -> RepositoryStore {
        RepositoryStore(accounts: self, identity: identity)
    }
}
