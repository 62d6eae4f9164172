package import Core

/// The name of an account: the first segment of its addresses.
package struct AccountName: Sendable, Hashable {
    package static let limit = 40

    package let text: String
    /// In small letters, in which names are unique.
    package let key: String

    /// - Throws: `Failure.invalid` that says what a name may be.
    package init(_ text: String) throws(Failure) {
        // Security: the name stands in addresses, commands and logs; these characters mean nothing in any of them.
        guard NameGrammar.matches(text, limit: Self.limit) else {
            throw .invalid(
                "'\(NameGrammar.shown(text))' cannot be the name of an account: it must have 1 to \(Self.limit) letters, digits, "
                    + "'-', '_' or '.', begin with a letter or a digit, and not end with '.', '.git' or the like."
            )
        }
        key = text.lowercased()
        guard !Self.reserved.contains(key) else {
            throw .invalid("The name '\(text)' is kept for the server itself: choose another.")
        }
        self.text = text
    }

    /// The same name, for an account that somebody makes.
    ///
    /// Security: whoever has the name of the person at this machine would be taken for them, and acts of the commands
    /// for theirs.
    ///
    /// - Throws: `Failure.invalid` for the name of that person, whose account makes itself.
    func ofNewAccount() throws(Failure) -> AccountName {
        guard key != Accounts.localLogin else {
            throw .invalid("The name '\(text)' is kept for who is at the server's machine: choose another.")
        }
        return self
    }

    /// What stands, or may come to stand, at the beginning of the server's own addresses; and names that would mislead.
    private static let reserved: Set<String> = [
        "about", "account", "accounts", "admin", "ajax-api", "anonymous", "api", "assets", "autocomplete",
        "blog",
        "compare", "dashboard", "default", "docs", "events", "experiments", "explore", "favicon.ico", "files",
        "get-artifact", "ghost",
        "gateway", "graphql", "health", "help", "home", "info", "issues", "jobs", "live", "logged-models",
        "login", "logout",
        "metrics", "metrics.json", "mlflow",
        "model-versions", "models", "new", "notifications", "oauth", "oidc", "org", "organizations", "orgs",
        "pulls",
        "raw", "repos", "repositories", "robots.txt", "root", "roost", "runs", "search", "security",
        "serverinfo",
        "sessions",
        "settings", "set-up", "setup", "sign-in", "sign-out", "signup", "sign-up", "static", "static-files",
        "status",
        "system", "teams", "tokens", "topics", "user", "users", "v1", "v2", "version", "views.json",
        "webhooks",
        "workspaces",
    ]
}
