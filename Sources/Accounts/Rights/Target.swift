/// What an address names, as far as rights go.
package enum Target: Sendable, Hashable {
    /// The workspace of addresses that name no repository.
    case standard
    case repository(owner: String, name: String)
    /// What MLflow's clients call a repository, or the default workspace.
    case workspace(WorkspaceName)
    case organization(String)
    /// Neither: the server itself, or the account that asks.
    case server
}
