package import Core

extension AccountID {
    /// What an account is called where `git` processes are shared out among those who start them.
    package var gitClient: String { "account \(key)" }
}
