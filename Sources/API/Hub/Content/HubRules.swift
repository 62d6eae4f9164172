import Accounts
import Core
import HTTP
import HTTPTypes
import Repositories

/// Rules that protect branches and tags.
extension Hub {
    private static let key: [EndpointDescription.Field] = [
        .init("kind", .word(RefRule.Kind.words), isRequired: true, "What it protects."),
        .init(
            "pattern",
            isRequired: true,
            "Names, in which * stands for anything but a slash and ** for anything."
        ),
    ]

    private static let deeds: [EndpointDescription.Field] = RefRule.Deed.allCases.flatMap { deed in
        [
            .init(deed.rawValue, .word(RefRule.Level.words), "Who may; nobody where it is left out."),
            .init("\(deed.rawValue)_accounts", .texts, "People who may beside them, by name."),
        ]
    }

    var ruleEndpoints: [Endpoint] {
        [
            Self.row(
                .get,
                "repos/:owner/:repo/rules",
                needs: .admin,
                .init("The rules for branches and tags.")
            ) {
                call in
                let rules = try await git.refRules(for: call.caller).list()
                let accounts = rules.flatMap { $0.allowed.values.flatMap(\.accounts) }
                let names = try await profiles(call).logins(of: accounts)
                return .array { json in
                    for rule in rules { json.object { $0.fields(of: rule, names) } }
                }
            },
            Self.row(
                .put,
                "repos/:owner/:repo/rules",
                needs: .admin,
                .init(
                    "Sets the rule for a pattern, in place of the one that there is.",
                    body: Self.key + Self.deeds,
                    success: .noContent
                )
            ) { call in
                let fields = try await call.fields()
                let (kind, pattern) = try fields.ruleKey()
                var allowed: [RefRule.Deed: RefRule.Permission] = [:]
                for deed in RefRule.Deed.allCases {
                    var accounts: Set<AccountID> = []
                    for name in try fields.strings("\(deed.rawValue)_accounts") ?? [] {
                        accounts.insert(try await profiles(call).person(name).id)
                    }
                    let level = try fields.word(deed.rawValue, of: RefRule.Level.self) ?? .nobody
                    allowed[deed] = RefRule.Permission(level, accounts: accounts)
                }
                try await git.refRules(for: call.caller).set(RefRule(kind, pattern, allowed: allowed))
                return .noContent
            },
            Self.row(
                .delete,
                "repos/:owner/:repo/rules",
                needs: .admin,
                .init("Removes the rule for a pattern.", body: Self.key, success: .noContent)
            ) { call in
                let (kind, pattern) = try await call.fields().ruleKey()
                try await git.refRules(for: call.caller).delete(kind, pattern)
                return .noContent
            },
        ]
    }
}

extension HubFields {
    fileprivate func ruleKey() throws -> (kind: RefRule.Kind, pattern: RefPattern) {
        guard let kind = try word("kind", of: RefRule.Kind.self) else {
            throw Failure.invalid("'kind' is missing.")
        }
        return (kind, try RefPattern(requiredString("pattern")))
    }
}

extension JSONWriter {
    fileprivate mutating func fields(of rule: RefRule, _ names: [AccountID: String]) {
        field("kind", rule.kind.rawValue)
        field("pattern", rule.pattern.text)
        for deed in RefRule.Deed.allCases {
            let permission = rule.allowed[deed] ?? .nobody
            key(deed.rawValue)
            value(permission.level.rawValue)
            key("\(deed.rawValue)_accounts")
            array { json in
                for name in permission.accounts.compactMap({ names[$0] }).sorted() { json.value(name) }
            }
        }
    }
}
