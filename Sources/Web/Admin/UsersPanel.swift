import Accounts
import Core
import HTTP

/// The people of the server.
struct UsersPanel: Panel {
    let people: [Person]
    let search: String
    /// The login behind which the next page begins.
    let next: String?
    /// Whether people sign in here at all.
    let hasAccounts: Bool
    let place: Address
    let api: Address
    let rejected: Query?

    var title: String { "Users" }

    var ways: [Way] {
        [.json(api), .shell("roost admin users list --containing ann\nroost admin users create bob")]
    }

    var body: HTML {
        """
        \(SearchLine(label: "Find somebody", placeholder: "Login or name", text: search).html)
        \(list)
        \(next.map {
            "<nav class=\"pager\"><a class=\"button\" href=\"\(place.with("q", search).with("after", $0))\">Next</a></nav>" as HTML
        })
        \(hasAccounts ? create : nil)
        """
    }

    private var list: HTML {
        guard !people.isEmpty else { return "<p>Nobody's login or name has that.</p>" }
        return """
            <section class="scroll"><table class="list"><thead><tr><th>Login</th><th>Name</th><th>State</th><th>Password</th>
            <th>Last seen</th><th>Made</th></tr></thead><tbody>\(people.map(row))</tbody></table></section>
            """
    }

    private func row(_ person: Person) -> HTML {
        """
        <tr><td><a href="\(place[person.login])">\(person.login)</a>
        \(person.isServerAdmin ? "<span class=\"badge accent\">looks after the server</span>" as HTML : nil)</td>
        <td>\(person.fullName)</td><td>\(PersonState(person: person).html)</td><td>\(person.hasPassword ? "yes" : "no")</td>
        <td>\(person.lastSeenMs.map { TimeLabel($0).html } ?? "never")</td><td>\(TimeLabel(person.createdMs).html)</td></tr>
        """
    }

    private var create: HTML {
        """
        <section><h2>Make an account</h2>
        <p class="quiet">You get a link that opens once, within a day, and by which its person sets the password.</p>
        \(FormBox(action: place, deed: "make", button: "Make the account", fields: fields).html)</section>
        """
    }

    private var fields: HTML {
        """
        <div class="pair">
        \(LineField(name: "login", label: "Login", value: rejected?["login"] ?? "", isRequired: true).html)
        \(LineField(name: "full_name", label: "Name in full", value: rejected?["full_name"] ?? "").html)
        </div>
        \(LineField(name: "email", label: "Address for mail", value: rejected?["email"] ?? "", type: "email").html)
        \(CheckField(
            name: "is_server_admin", label: "Looks after the server", isChecked: rejected?["is_server_admin"] != nil,
            hint: "May do everything, everywhere."
        ).html)
        """
    }
}

/// Whether somebody is let in.
struct PersonState {
    let person: Person

    var html: HTML {
        switch person.state {
        case .active: "<span class=\"badge good\">active</span>"
        case .suspended: "<span class=\"badge bad\">shut out</span>"
        case .deleted: "<span class=\"badge\">deleted</span>"
        }
    }
}

/// A link that was just made, which is shown this once.
struct MadeLinkPanel: Panel {
    let login: String
    let link: String
    let place: Address

    var title: String { "A link for \(login)" }

    var body: HTML {
        """
        <section class="once" role="status"><h2>\(login)</h2>
        <p>Send it to \(login) by a way that only they read: whoever opens it first sets the password. It ends in a day, and is
        never shown again.</p>
        \(CopyBlock(link).html)</section>
        <p><a class="button" href="\(place)">\(login)</a></p>
        """
    }
}

extension Web {
    private static let mostPeople = 50

    var adminUsers: [Endpoint] {
        adminDesk("users") { visit, rejected in
            // One more than is shown, to know whether there are more.
            let found = try await accounts.people(for: visit.caller).list(
                after: visit.query("after"),
                containing: visit.query("q"),
                limit: Self.mostPeople + 1
            )
            let shown = Array(found.prefix(Self.mostPeople))
            return UsersPanel(
                people: shown,
                search: visit.query("q") ?? "",
                next: found.count > shown.count ? shown.last?.login : nil,
                hasAccounts: settings.hasAccounts,
                place: visit.place,
                api: visit.root.below("api/2.0/mlflow/users/list"),
                rejected: rejected?.form
            )
        } take: { visit, form in
            let new = try NewPerson(
                login: AccountName(form.word("login")),
                fullName: form.word("full_name"),
                email: form.word("email"),
                isServerAdmin: form.isChecked("is_server_admin")
            )
            let person = try await accounts.people(for: visit.caller).create(new)
            return .show(try await linkPage(for: person, visit))
        }
    }

    /// A new link by which somebody sets their password.
    func linkPage(for person: Person, _ visit: Visit) async throws -> SettingsPage {
        let secret = try await means.signIn.links(for: visit.caller).createReset(of: person.id)
        let panel = MadeLinkPanel(
            login: person.login,
            link: "\(visit.origin)/set-up/\(secret.text)",
            place: visit.root.below("admin/users")[person.login]
        )
        return SettingsPage(menu: .ofServer(visit), panel: panel, notice: nil, item: "Users")
    }
}
