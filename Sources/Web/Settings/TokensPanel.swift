import Accounts
import Core
import HTTP

/// The tokens of somebody, and where they make one.
struct TokensPanel: Panel {
    /// The field that marks the form, so that it makes one token however often it is sent.
    static let markField = "once"

    let tokens: [Token]
    /// `owner/name` of some that a token may be bound to.
    let repositories: [String]
    /// Whether there are more of these.
    let hasMoreRepositories: Bool
    let needsPassword: Bool
    let place: Address
    let api: Address
    let rejected: Query?

    var title: String { "Tokens" }

    var ways: [Way] {
        [
            .json(api, isOwn: true),
            .shell("roost admin tokens create NAME \"nightly build\" --role write --days 90"),
        ]
    }

    var body: HTML {
        """
        <p class="quiet">Programs show a token instead of a password. It does what you may do, as far as its role goes, until
        it ends or is revoked.</p>
        \(list)
        <section><h2>Make a token</h2>
        \(FormBox(
            action: place, deed: "make", button: "Make the token",
            hidden: [(Self.markField, NewToken.newFormMark())], fields: fields
        ).html)</section>
        """
    }

    private var list: HTML {
        guard !tokens.isEmpty else {
            return EmptyState(
                heading: "No tokens yet",
                text:
                    "Make one below for each program or machine that asks this server, so that each can be revoked alone."
            ).html
        }
        return """
            <section class="scroll"><table class="list"><thead><tr><th>Name</th><th>Ends in</th><th>May</th><th>Where</th>
            <th>Expires</th><th>Last used</th><th><span class="visually-hidden">Revoke</span></th></tr></thead>
            <tbody>\(tokens.map(row))</tbody></table></section>
            """
    }

    private func row(_ token: Token) -> HTML {
        let revoke = FormBox(
            action: place,
            deed: "revoke",
            button: "Revoke",
            look: .danger,
            hidden: [("id", "\(token.id)")],
            about: token.name
        )
        return """
            <tr><td>\(token.name)</td><td class="mono">…\(token.hint)</td><td>\(token.role.rawValue)</td>
            <td>\(token.reach)</td><td>\(token.expiresMs.map { TimeLabel($0).html } ?? "never")</td>
            <td>\(token.lastUsedMs.map { TimeLabel($0).html } ?? "never")</td><td class="end">\(revoke.inRow)</td></tr>
            """
    }

    private var fields: HTML {
        """
        \(LineField(
            name: "name", label: "Name", value: rejected?["name"] ?? "", hint: "What it is for, such as the machine.",
            isRequired: true
        ).html)
        <div class="pair">
        \(ChoiceField(name: "role", label: "May", options: Role.options, value: rejected?["role"] ?? "write").html)
        \(ChoiceField(name: "days", label: "Ends", options: Self.days, value: rejected?["days"] ?? "90").html)
        </div>
        \(LineField(
            name: "repository", label: "Only this repository", value: rejected?["repository"] ?? "",
            hint: "Leave it empty for all that you may reach.\(hasMoreRepositories ? " Not all of them are offered." : "")", list: "repositories", placeholder: "owner/name"
        ).html)
        <datalist id="repositories">\(repositories.map { "<option value=\"\($0)\">" as HTML })</datalist>
        \(CheckField(
            name: "reaches_account", label: "Also the account itself", isChecked: rejected?["reaches_account"] != nil,
            hint: "Makes repositories, stars and organizations in your name. Not together with one repository."
        ).html)
        \(needsPassword ? ConfirmField().html : nil)
        """
    }

    private static let days = [
        ChoiceField.Option(value: "7", label: "in a week"), .init(value: "30", label: "in 30 days"),
        .init(value: "90", label: "in 90 days"), .init(value: "365", label: "in a year"),
        .init(value: "", label: "never"),
    ]
}

extension Token {
    /// Where it counts, in words.
    fileprivate var reach: String {
        if let repository { return repository }
        if workspace != nil { return "a repository that is gone" }
        return reachesAccount ? "everywhere, and the account" : "everywhere"
    }
}

extension Role {
    /// For a choice.
    static let options = [
        ChoiceField.Option(value: "read", label: "read"), .init(value: "write", label: "read and write"),
        .init(value: "admin", label: "administer"),
    ]
}

/// A token that was just made, which is shown this once.
struct MadeTokenPanel: Panel {
    let made: MadeToken
    let login: String
    let origin: String
    let place: Address

    var title: String { "Token made" }

    var body: HTML {
        """
        <section class="once" role="status"><h2>\(made.token.name)</h2>
        <p>Copy it now: it is never shown again.</p>
        \(CopyBlock(made.secret.text).html)</section>
        <section><h2>MLflow</h2>
        \(CopyBlock("export MLFLOW_TRACKING_URI=\(trackingURI)\nexport MLFLOW_TRACKING_TOKEN=\(made.secret.text)").html)</section>
        <section><h2>Git</h2><p>As the password, with your name:</p>
        \(CopyBlock("git clone \(clone)\n# Username: \(login)\n# Password: the token").html)</section>
        <section><h2>Anything else</h2>
        \(CopyBlock("curl -H 'Authorization: Bearer \(made.secret.text)' \(origin)/api/v1/\(asked)").html)</section>
        <p><a class="button" href="\(place)">All tokens</a></p>
        """
    }

    private var asked: String { made.token.repository.map { "repos/\($0)" } ?? "user" }

    private var trackingURI: String { made.token.repository.map { "\(origin)/\($0).mlflow" } ?? origin }

    private var clone: String { "\(origin)/\(made.token.repository ?? "OWNER/REPOSITORY").git" }
}
