/// What an address names, as far as rights go.
package enum Target: Sendable, Hashable {
    /// The workspace of addresses that name no repository.
    case standard
    case repository(owner: String, name: String)
    case organization(String)
    /// Neither: the server itself, or the account that asks.
    case server
}
