import Accounts
import Core
import HTTP

/// One person, for who looks after the server.
struct UserPanel: Panel {
    let person: Person
    let tokens: [Token]
    let sessions: [SessionStore.Session]
    /// Whether there are others, which were seen before these.
    let hasMoreSessions: Bool
    /// Whether it is who looks.
    let isOwn: Bool
    let hasAccounts: Bool
    let place: Address
    let profile: Address
    let api: Address

    var title: String { person.login }

    var ways: [Way] {
        [
            .json(api),
            .shell(
                "roost admin users reset-password \(person.login)\nroost admin sessions end \(person.login)"
            ),
        ]
    }

    var body: HTML {
        """
        <section><dl class="facts"><dt>Name</dt><dd>\(person.fullName.isEmpty ? "–" : person.fullName)</dd><dt>Mail</dt><dd>\(person.email.isEmpty ? "–" : person.email)</dd>
        <dt>State</dt><dd>\(PersonState(person: person).html)</dd>
        <dt>Looks after the server</dt><dd>\(person.isServerAdmin ? "yes" : "no")</dd>
        <dt>Password</dt><dd>\(person.hasPassword ? "set" : "none")</dd>
        <dt>Last seen</dt><dd>\(person.lastSeenMs.map { TimeLabel($0).html } ?? "never")</dd>
        <dt>Made</dt><dd>\(TimeLabel(person.createdMs).html)</dd></dl>
        <p><a href="\(profile)">Profile and repositories</a></p></section>
        \(hasAccounts ? credentials : nil)
        \(isOwn ? nil : rights)
        """
    }

    private var credentials: HTML {
        """
        <section><h2>Password</h2>
        <p class="quiet">A link that opens once sets a new one; the present one counts until then.</p>
        \(FormBox(action: place, deed: "link", button: "Make a link", look: .plain).html)</section>
        <section><h2>Sessions</h2>
        \(sessions.isEmpty ? "<p>None.</p>" : sessionList)</section>
        <section><h2>Tokens</h2>\(tokens.isEmpty ? "<p>None.</p>" : tokenList)</section>
        """
    }

    private var sessionList: HTML {
        """
        <div class="scroll" tabindex="0"><table class="list"><thead><tr><th>Browser</th><th>Signed in from</th><th>When</th><th>Last seen</th></tr></thead>
        <tbody>\(sessions.map {
            """
            <tr><td>\(ClientName($0.client).html)</td><td class="mono">\($0.address.isEmpty ? "–" : $0.address)</td><td>\(TimeLabel($0.createdMs).html)</td><td>\(TimeLabel($0.lastSeenMs).html)</td></tr>
            """ as HTML
        })</tbody></table></div>\(ListEnd(hidden: hasMoreSessions ? nil : 0).html)
        \(FormBox(action: place, deed: "sessions", button: "End all sessions", look: .danger).html)
        """
    }

    private var tokenList: HTML {
        """
        <div class="scroll"><table class="list"><thead><tr><th>Name</th><th>May</th><th>Last used</th>
        <th><span class="visually-hidden">Revoke</span></th></tr></thead><tbody>\(tokens.map { token -> HTML in
            let revoke = FormBox(
                action: place, deed: "revoke", button: "Revoke", look: .danger, hidden: [("id", "\(token.id)")],
                about: token.name
            )
            return """
                <tr><td>\(token.name)</td><td>\(token.role.rawValue)</td>
                <td>\(token.lastUsedMs.map { TimeLabel($0).html } ?? "never")</td><td class="end">\(revoke.inRow)</td></tr>
                """
        })</tbody></table></div>
        """
    }

    private var rights: HTML {
        let isActive = person.state == .active
        return """
            <h2>What they may</h2>
            <div class="danger-zone"><section><h2>Look after the server</h2>
            <p>Whoever does may do everything, everywhere.</p>
            \(FormBox(
                action: place, deed: person.isServerAdmin ? "take" : "give",
                button: person.isServerAdmin ? "Take it from \(person.login)" : "Let \(person.login) do it", look: .danger
            ).html)</section>
            <section><h2>\(isActive ? "Shut out" : "Let in again")</h2>
            <p>\(isActive
                ? "Sessions end at once; the password, tokens and keys open nothing until you let them in again."
                : "The password, tokens and keys count again.")</p>
            \(FormBox(
                action: place, deed: isActive ? "suspend" : "resume", button: isActive ? "Shut out" : "Let in",
                look: isActive ? .danger : .plain
            ).html)</section></div>
            """
    }
}

extension Web {
    private static let mostSessions = 50

    var adminUser: [Endpoint] {
        adminDesk("users/:login", item: "Users") { visit, _ in
            let person = try await accounts.people(for: visit.caller).get(visit.call.parameter("login"))
            async let tokens = accounts.tokens(of: person.id, for: visit.caller).list()
            async let sessions = means.signIn.sessions.list(of: person.id, limit: Self.mostSessions + 1)
            return UserPanel(
                person: person,
                tokens: try await tokens,
                sessions: try await Array(sessions.prefix(Self.mostSessions)),
                hasMoreSessions: try await sessions.count > Self.mostSessions,
                isOwn: person.id == visit.identity.account,
                hasAccounts: settings.hasAccounts,
                place: visit.place,
                profile: visit.root[person.login],
                api: visit.root.below("api/2.0/mlflow/users/get").with("username", person.login)
            )
        } take: { visit, form in
            let people = accounts.people(for: visit.caller)
            let person = try await people.get(visit.call.parameter("login"))
            return try await change(person, people, form, visit)
        }
    }

    private func change(
        _ person: Person,
        _ people: PersonStore,
        _ form: Query,
        _ visit: Visit
    ) async throws -> Outcome {
        switch form["do"] {
        case "link": return .show(try await linkPage(for: person, visit))
        case "sessions":
            try await means.signIn.sessions.endAll(of: person.id, by: visit.caller)
            return .goOn(visit.place.after(.ended))
        case "revoke":
            try await accounts.tokens(of: person.id, for: visit.caller).revoke(form.key("id"))
            return .goOn(visit.place.after(.revoked))
        case "give", "take":
            try await people.setServerAdmin(form["do"] == "give", of: person.id)
            return .goOn(visit.place.after(.saved))
        case "suspend":
            try await people.suspend(person.id)
            return .goOn(visit.place.after(.suspended))
        case "resume":
            try await people.resume(person.id)
            return .goOn(visit.place.after(.resumed))
        default: throw Failure.unknownDeed
        }
    }
}
