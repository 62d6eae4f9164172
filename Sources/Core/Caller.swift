/// Who asks, and in which workspace; every store is opened for a caller and sees only that workspace.
package struct Caller: Sendable, Hashable {
    /// The name that events carry: that of the account, or `anonymous`.
    package let name: String
    /// Whose account asks; nil for somebody who has not signed in, and for commands at the machine itself.
    package let account: AccountID?
    package let workspace: WorkspaceID
    /// What single experiments and models they are held to; nil for whose role in the workspace is enough for what they ask.
    package let reach: Reach?

    package init(name: String, account: AccountID? = nil, workspace: WorkspaceID, reach: Reach? = nil) {
        self.name = name
        self.account = account
        self.workspace = workspace
        self.reach = reach
    }
}

/// The key of an account: a person or an organization.
///
/// It is never used again for another.
package struct AccountID: Sendable, Hashable {
    package let key: Int64

    package init(key: Int64) {
        self.key = key
    }
}

/// The key of a workspace: a repository with all that belongs to it, or the default one.
///
/// A repository and its workspace are one thing with one key, so that whatever is scoped by the workspace has the rights
/// of the repository. A key is never used again for another.
package struct WorkspaceID: Sendable, Hashable {
    package let key: Int64

    package init(key: Int64) {
        self.key = key
    }

    /// What concerns the whole server, such as its accounts; it holds events and nothing else.
    package static let server = WorkspaceID(key: 0)

    /// The workspace of addresses that name no repository; made by the first migration.
    package static let standard = WorkspaceID(key: 1)
}
