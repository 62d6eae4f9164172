/// What a request carries to show who sends it.
package enum Credentials: Sendable, Hashable {
    case none
    /// A name with its password.
    case password(PasswordAttempt)
    /// A token, however it was sent.
    case token(String)
    /// The cookie of a browser.
    case session(String)
    /// A pass for large files.
    case largeFilePass(String)
}
