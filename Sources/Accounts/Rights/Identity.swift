package import Core

/// Who asks, as far as what they sent says: nobody, a person, or a person through a token that may do less.
package struct Identity: Sendable, Hashable {
    /// How somebody showed who they are.
    package enum Means: Sendable, Hashable {
        case nothing
        /// The person at the machine, on a server that only this machine reaches.
        case local
        case password
        /// A cookie, which a browser sends whoever made it ask.
        case session
        case token
        case sshKey
        /// What a key for SSH was given for the large files of a repository.
        case largeFilePass
    }

    package let account: AccountID?
    package let login: String
    package let isServerAdmin: Bool
    package let means: Means
    /// The role that is not exceeded anywhere.
    package let ceiling: Role
    /// Whether the account itself may be changed: its keys, tokens, repositories.
    package let reachesAccount: Bool
    /// The only repository that is reached; nil for all.
    package let workspace: WorkspaceID?

    package init(
        account: AccountID?,
        login: String,
        isServerAdmin: Bool = false,
        means: Means,
        ceiling: Role = .admin,
        reachesAccount: Bool = true,
        workspace: WorkspaceID? = nil
    ) {
        self.account = account
        self.login = login
        self.isServerAdmin = isServerAdmin
        self.means = means
        self.ceiling = ceiling
        self.reachesAccount = reachesAccount
        self.workspace = workspace
    }

    package static let anonymous = Identity(account: nil, login: "anonymous", means: .nothing)

    /// Whether anything is known of who asks.
    package var isSignedIn: Bool { account != nil || workspace != nil }

    /// The caller of stores in a workspace, held to single things of it or not.
    package func caller(in workspace: WorkspaceID, reaching reach: Reach? = nil) -> Caller {
        Caller(name: login, account: account, workspace: workspace, reach: reach)
    }
}
