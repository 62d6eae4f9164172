package import Core
package import Database

/// The accounts of a server on one database: who there is, what they have, and who may do what.
package struct Accounts: Sendable {
    /// How long a deleted repository can be restored, where nobody says otherwise.
    package static let standardGraceDays = 30

    let database: any Database
    /// How long a deleted repository can be restored.
    let graceDays: Int
    /// Makes what belongs to a new workspace, in the transaction that makes the workspace.
    let furnish: @Sendable (Caller, any Connection) throws -> Void
    /// Ends what a repository sends elsewhere, in the transaction that deletes it.
    let silence: @Sendable (Caller, any Connection) throws -> Void
    /// Finds an experiment or a registered model and keeps it from changing until the transaction ends.
    let hold: @Sendable (GrantedObject, Caller, any Connection) throws -> Void

    /// - Parameters:
    ///   - database: Where everything is kept.
    ///   - graceDays: How long a deleted repository can be restored, for who is told of one.
    ///   - furnish: Makes what other rooms keep for a workspace from its first moment on, such as the experiment `0`.
    ///   - silence: Ends what other rooms send elsewhere of a repository, when it is deleted.
    ///   - hold: Holds in another room what somebody is to be permitted to use; throws `Failure.missing` where it is not there.
    package init(
        database: any Database,
        graceDays: Int = Accounts.standardGraceDays,
        furnish: @escaping @Sendable (Caller, any Connection) throws -> Void,
        silence: @escaping @Sendable (Caller, any Connection) throws -> Void = { _, _ in },
        hold: @escaping @Sendable (GrantedObject, Caller, any Connection) throws -> Void = { _, _, _ in }
    ) {
        self.database = database
        self.graceDays = graceDays
        self.furnish = furnish
        self.silence = silence
        self.hold = hold
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

    /// The people of the server, for a caller who may look after them.
    package func people(for caller: Caller) -> PersonStore {
        PersonStore(database: database, caller: caller.ofServer, graceDays: graceDays)
    }

    /// The tokens of whoever asks.
    ///
    /// - Throws: `Refusal` for nobody, and for a token that does not reach the account.
    package func tokens(for identity: Identity) throws -> TokenStore {
        guard let account = identity.account else { throw Refusal.signIn }
        guard identity.reachesAccount, identity.workspace == nil else { throw Refusal.outOfReach }
        return TokenStore(
            database: database,
            owner: account,
            caller: identity.caller(in: .server),
            ceiling: identity.ceiling
        )
    }

    /// The tokens of somebody else, for a caller who may look after them.
    package func tokens(of owner: AccountID, for caller: Caller) -> TokenStore {
        TokenStore(database: database, owner: owner, caller: caller.ofServer, ceiling: .admin)
    }
}

extension Caller {
    /// The same somebody, who does what concerns the whole server.
    var ofServer: Caller { Caller(name: name, account: account, workspace: .server) }
}
