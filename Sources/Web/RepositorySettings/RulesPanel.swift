import Accounts
import Core
import HTTP
import Repositories

/// The rules that protect branches and tags.
struct RulesPanel: Panel {
    let rules: [RefRule]
    let logins: [AccountID: String]
    let place: Address
    let api: Address
    /// What was sent and refused, or is to be changed.
    let form: Query

    var title: String { "Branches and tags" }
    var ways: [Way] { [.json(api["rules"])] }

    var body: HTML {
        """
        <p class="quiet">What no rule fits may be changed by whoever may write. Where several fit, each of them must allow it;
        they hold for Git and for these pages alike.</p>
        \(list)
        <section><h2>Set a rule</h2>
        \(FormBox(action: place, deed: "set", button: "Set the rule", fields: fields).html)</section>
        """
    }

    private var list: HTML {
        guard !rules.isEmpty else {
            return EmptyState(
                heading: "Nothing is protected",
                text: "A rule for 'main' that lets nobody force or remove it keeps history from being lost."
            ).html
        }
        return """
            <section class="scroll"><table class="list"><thead><tr><th>For</th>
            \(RefRule.Deed.allCases.map { "<th>\($0.label)</th>" as HTML })
            <th><span class="visually-hidden">Change or remove</span></th></tr></thead><tbody>\(rules.map(row))</tbody></table>
            </section>
            """
    }

    private func row(_ rule: RefRule) -> HTML {
        let remove = FormBox(
            action: place,
            deed: "remove",
            button: "Remove",
            look: .danger,
            hidden: [("kind", rule.kind.rawValue), ("pattern", rule.pattern.text)],
            about: "the rule for \(rule.pattern.text)"
        )
        return """
            <tr><td>\(rule.kind.rawValue) <code>\(rule.pattern.text)</code></td>
            \(RefRule.Deed.allCases.map { "<td>\(who(rule.allowed[$0] ?? .nobody))</td>" as HTML })
            <td class="end"><div class="row"><a class="button small" href="\(edit(rule))">Change</a>\(remove.inRow)</div></td></tr>
            """
    }

    private func who(_ permission: RefRule.Permission) -> String {
        let names = names(permission)
        guard !names.isEmpty else { return permission.level.rawValue }
        let people = names.joined(separator: ", ")
        return permission.level == .nobody ? people : "\(permission.level.rawValue), \(people)"
    }

    private func names(_ permission: RefRule.Permission) -> [String] {
        permission.accounts.compactMap { logins[$0] }.sorted()
    }

    /// This page with the form filled in.
    private func edit(_ rule: RefRule) -> Address {
        var address = place.with("kind", rule.kind.rawValue).with("pattern", rule.pattern.text)
        for deed in RefRule.Deed.allCases {
            let permission = rule.allowed[deed] ?? .nobody
            address = address.with(deed.rawValue, permission.level.rawValue)
                .with("\(deed.rawValue)_accounts", names(permission).joined(separator: " "))
        }
        return address
    }

    private var fields: HTML {
        """
        <div class="pair">
        \(ChoiceField(
            name: "kind", label: "For", options: [.init(value: "branch", label: "branches"), .init(value: "tag", label: "tags")],
            value: form.text("kind")
        ).html)
        \(LineField(
            name: "pattern", label: "Names", value: form.text("pattern"),
            hint: "* stands for anything but a slash, ** for anything.", isRequired: true, placeholder: "release/*"
        ).html)
        </div>
        \(RefRule.Deed.allCases.map { deed -> HTML in
            """
            <fieldset><legend>\(deed.explanation)</legend><div class="pair">
            \(ChoiceField(
                name: deed.rawValue, label: "Who", options: Self.levels, value: form[deed.rawValue] ?? deed.standard
            ).html)
            \(LineField(
                name: "\(deed.rawValue)_accounts", label: "And these people", value: form.text("\(deed.rawValue)_accounts"),
                placeholder: "ann bob"
            ).html)
            </div></fieldset>
            """
        })
        """
    }

    private static let levels = [
        ChoiceField.Option(value: "writers", label: "whoever may write"),
        .init(value: "admins", label: "admins"), .init(value: "nobody", label: "nobody"),
    ]
}

extension RefRule.Deed {
    fileprivate var label: String {
        switch self {
        case .push: "Push"
        case .merge: "Merge"
        case .force: "Force"
        case .removal: "Remove"
        }
    }

    fileprivate var explanation: String {
        switch self {
        case .push: "Make it, and add to it"
        case .merge: "Merge pull requests into it"
        case .force: "Move it so that commits are lost, or move a tag"
        case .removal: "Remove it"
        }
    }

    /// What is chosen where nothing was said.
    fileprivate var standard: String {
        switch self {
        case .push, .merge: "writers"
        case .force, .removal: "nobody"
        }
    }
}

extension Web {
    private static let mostNames = 500

    var ruleSettings: [Endpoint] {
        repositoryDesk("/rules") { visit, _, rejected in
            let rules = try await repositories.refRules(for: visit.caller).list()
            let people = rules.flatMap { $0.allowed.values.flatMap(\.accounts) }
            return RulesPanel(
                rules: rules,
                logins: try await accounts.profiles(for: visit.identity).logins(of: people),
                place: visit.place,
                api: visit.repositoryAPI,
                form: rejected?.form ?? visit.call.query
            )
        } take: { visit, _, form in
            let kind: RefRule.Kind = try form.choice("kind")
            let pattern = try RefPattern(form.word("pattern"))
            let rules = repositories.refRules(for: visit.caller)
            switch form["do"] {
            case "remove":
                try await rules.delete(kind, pattern)
                return .goOn(visit.place.after(.removed))
            case "set":
                try await rules.set(RefRule(kind, pattern, allowed: permissions(form, visit)))
                return .goOn(visit.place.after(.saved))
            default: throw Failure.unknownDeed
            }
        }
    }

    private func permissions(
        _ form: Query,
        _ visit: Visit
    ) async throws -> [RefRule.Deed: RefRule.Permission] {
        let profiles = accounts.profiles(for: visit.identity)
        var allowed: [RefRule.Deed: RefRule.Permission] = [:]
        for deed in RefRule.Deed.allCases {
            var people: Set<AccountID> = []
            let names = form.text("\(deed.rawValue)_accounts")
            let words = names.split(whereSeparator: { $0.isWhitespace || $0 == "," })
            guard words.count <= Self.mostNames else {
                throw Failure.invalid("A rule names at most \(Self.mostNames) people for one thing.")
            }
            for name in words {
                people.insert(try await profiles.person(String(name)).id)
            }
            allowed[deed] = RefRule.Permission(try form.choice(deed.rawValue), accounts: people)
        }
        return allowed
    }
}
