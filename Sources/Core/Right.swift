/// What a caller must be allowed to do; each route names one.
package enum Right: Sendable, Hashable {
    /// Nothing: whoever reaches the server may ask.
    case open
    /// Nothing but an account.
    case signedIn
    /// To read what belongs to the repository, or to the default workspace, that the address names.
    case read
    /// To change what belongs to it.
    case write
    /// To change the repository itself: its rights, its rules, its end.
    case admin
    /// To see the organization that the address names as its members do.
    case member
    /// To change that organization.
    case manage
    /// To look after the whole server and everybody's accounts.
    case serverAdmin
}
