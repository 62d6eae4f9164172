package import Core

extension AccountID {
    /// What an account is called where `git` processes are shared out among those who start them.
    package var gitClient: String { "account \(key)" }
}

extension Caller {
    /// What a caller is called there: all who have not signed in are one; nil for the server itself.
    var gitClient: String? { account?.gitClient ?? (name == "anonymous" ? name : nil) }
}
