package import Accounts
package import HTTP

/// By what people come in.
package struct SignInMeans: Sendable {
    let signIn: SignIn
    let cookie: SessionCookie
    /// The name of another server at which people sign in; nil for none.
    let elsewhere: String?

    package init(_ signIn: SignIn, cookie: SessionCookie, elsewhere: String?) {
        self.signIn = signIn
        self.cookie = cookie
        self.elsewhere = elsewhere
    }
}
