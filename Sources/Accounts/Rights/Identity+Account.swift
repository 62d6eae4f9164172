import Core

extension Identity {
    /// The account of who asks, for what changes it or is made in its name.
    ///
    /// Security: a token has what it was made for and no more: it does not make itself a key or an organization, which
    /// would have every right of the account.
    ///
    /// - Parameter role: The role that what was asked with must have.
    /// - Returns: The account.
    /// - Throws: `Failure.unauthenticated` for nobody, `Failure.permissionDenied` for a token that does not reach so far.
    func ownAccount(needing role: Role = .admin) throws(Failure) -> AccountID {
        guard let account else { throw Failure(.unauthenticated, "Sign in: this needs an account.") }
        guard reachesAccount, workspace == nil, ceiling >= role else {
            throw Failure(
                .permissionDenied,
                "The token does not reach this: make one that does in your settings."
            )
        }
        return account
    }
}
