package import Core

/// Somebody who was let in: who they are, where they are, and what they may do there.
package struct Access: Sendable, Hashable {
    package let identity: Identity
    /// For whom stores are opened.
    package let caller: Caller
    /// What they may do in the workspace; nil where the address names none.
    package let role: Role?
    /// What MLflow's clients call the workspace.
    package let workspaceName: String
    /// The repository that the address names.
    package let repository: RepositoryPlace?
    /// The organization that the address names.
    package let organization: AccountID?

    package init(
        identity: Identity,
        workspace: WorkspaceID,
        role: Role?,
        workspaceName: String = WorkspaceName.standard,
        repository: RepositoryPlace? = nil,
        organization: AccountID? = nil,
        reach: Reach? = nil
    ) {
        self.identity = identity
        caller = identity.caller(in: workspace, reaching: reach)
        self.role = role
        self.workspaceName = workspaceName
        self.repository = repository
        self.organization = organization
    }

    /// A caller with every right, such as a command at the machine itself.
    package init(everythingFor caller: Caller) {
        self.init(
            identity: Identity(
                account: caller.account,
                login: caller.name,
                isServerAdmin: true,
                means: .local
            ),
            workspace: caller.workspace,
            role: .admin
        )
    }
}

/// Where a repository is: what an address comes down to.
package struct RepositoryPlace: Sendable, Hashable {
    package let workspace: WorkspaceID
    package let ownerID: AccountID
    package let owner: String
    package let name: String
    package let isPublic: Bool
    package let isArchived: Bool

    /// `owner/name` as it is written.
    package var fullName: String { "\(owner)/\(name)" }
}
