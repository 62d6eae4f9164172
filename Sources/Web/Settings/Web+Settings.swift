import Accounts
import Core
import HTTP
import HTTPTypes
import Hummingbird

/// What people say of themselves and how they come in.
extension Web {
    var settingsEndpoints: [Endpoint] {
        let start = Endpoint(.get, "settings", in: .site, needs: .signedIn) { call in
            .redirect(to: visit(call).root.below("settings/profile").text)
        }
        return [start] + profileSettings + passwordSettings + tokenSettings + keySettings + sessionSettings
            + deletedRepositories
    }

    /// A page of settings of who asks, who must be there in person.
    ///
    /// Security: whoever found a token must neither see nor change what opens the account. A browser's session may; what it
    /// makes that outlasts it takes the password too.
    func ownDesk(
        _ path: String,
        load: @escaping @Sendable (Visit, Rejected?) async throws -> any Panel,
        take: @escaping @Sendable (Visit, Query) async throws -> Outcome
    ) -> [Endpoint] {
        desk("settings/" + path, in: .site, needs: .signedIn) { visit, rejected in
            try visit.requirePerson()
            return SettingsPage(
                menu: .ofAccount(visit),
                panel: try await load(visit, rejected),
                notice: Notice(visit, rejected)
            )
        } take: { visit, form in
            try visit.requirePerson()
            return try await take(visit, form)
        }
    }

    /// What a page of somebody's settings shows, for programs that have the password.
    func ownJSON(_ path: String, load: @escaping @Sendable (Visit) async throws -> JSON) -> Endpoint {
        Endpoint(.get, "settings/\(path).json", in: .site, needs: .signedIn) { call in
            let visit = visit(call)
            try visit.requirePerson()
            return .fresh(try await load(visit))
        }
    }

    /// Takes the password of who asks, where what they do wants it.
    ///
    /// Whoever signs in at another server has none, and has shown all that they can.
    ///
    /// - Throws: `Failure.permissionDenied` for a wrong one; `TooManyAttempts`.
    func confirm(_ visit: Visit, _ form: Query) async throws {
        guard try await needsPassword(visit) else { return }
        let attempt = PasswordAttempt(
            login: visit.identity.login,
            password: form.text("current_password"),
            address: visit.call.clientAddress
        )
        try await means.signIn.passwords(for: visit.caller).confirm(attempt)
    }

    func needsPassword(_ visit: Visit) async throws -> Bool {
        guard visit.identity.means != .local else { return false }
        return try await accounts.people(for: visit.caller).get(visit.account()).hasPassword
    }
}

extension Visit {
    /// Where a program gets what a page of one's own settings shows.
    func ownJSON(_ path: String) -> Address { root["settings"]["\(path).json"] }

    func requirePerson() throws {
        guard [.session, .password, .local].contains(identity.means) else {
            throw Refusal.mayNot("Settings are seen and changed by who signs in, not with a token.")
        }
    }

    /// The account of who asks.
    ///
    /// - Throws: `Refusal.signIn` for nobody.
    func account() throws -> AccountID {
        guard let account = identity.account else { throw Refusal.signIn }
        return account
    }
}

extension SettingsMenu {
    static func ofAccount(_ visit: Visit) -> SettingsMenu {
        let settings = visit.root["settings"]
        var items = [Item("Profile", settings["profile"])]
        if visit.settings.hasAccounts { items.append(Item("Password", settings["password"])) }
        items += [Item("Tokens", settings["tokens"]), Item("SSH keys", settings["keys"])]
        if visit.settings.hasAccounts { items.append(Item("Sessions", settings["sessions"])) }
        items.append(Item("Deleted repositories", settings["deleted"]))
        return SettingsMenu(
            title: "Settings",
            crumbs: [Crumb("Settings", settings["profile"])],
            items: items
        )
    }
}

/// The field for the password that one has, where something wants it.
struct ConfirmField {
    var html: HTML {
        LineField(
            name: "current_password",
            label: "Your password",
            type: "password",
            hint: "So that nobody does this at a browser that you have left open.",
            autocomplete: "current-password",
            isRequired: true
        ).html
    }
}
