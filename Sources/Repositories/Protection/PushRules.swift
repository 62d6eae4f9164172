import Core

/// What the rules of a repository say to one pusher.
package struct PushRules: Sendable, Hashable {
    private let rules: [Rule]

    private struct Rule: Sendable, Hashable {
        let kind: RefRule.Kind
        let pattern: RefPattern
        let allowed: Set<RefRule.Deed>

        func fits(_ ref: String) -> Bool {
            ref.hasPrefix(kind.folder) && pattern.fits(ref.dropFirst(kind.folder.count))
        }
    }

    package init(_ rules: [RefRule], for pusher: Pusher) {
        self.rules = rules.map { rule in
            Rule(
                kind: rule.kind,
                pattern: rule.pattern,
                allowed: Set(RefRule.Deed.allCases.filter { rule.allows($0, for: pusher) })
            )
        }
    }

    /// The rule that forbids something; nil where none does.
    ///
    /// Of several that fit, each must allow it.
    package func refusal(of deed: RefRule.Deed, to ref: String) -> String? {
        rules.first { $0.fits(ref) && !$0.allowed.contains(deed) }.map { rule in
            "\(rule.kind.rawValue) rule '\(rule.pattern.text)'"
        }
    }

    /// Whether something hangs on which commits a change of this ref leaves behind.
    func heedsForce(on ref: String) -> Bool { refusal(of: .force, to: ref) != nil }

    /// As the hook is given them.
    var text: String {
        JSON.array(
            rules.map { rule in
                [
                    "kind": .string(rule.kind.rawValue), "pattern": .string(rule.pattern.text),
                    "allowed": .array(rule.allowed.map(\.rawValue).sorted().map(JSON.string)),
                ]
            }
        ).text
    }

    /// - Throws: `JSONError`, `Failure` for a text that is not of these.
    init(text: String) throws {
        guard case .array(let elements) = try JSON(parsing: text) else { throw Failure.invalid("no rules") }
        rules = try elements.map { element in
            guard case .string(let kind)? = element["kind"], let kind = RefRule.Kind(rawValue: kind),
                case .string(let pattern)? = element["pattern"],
                case .array(let allowed)? = element["allowed"]
            else { throw Failure.invalid("no rule") }
            let deeds = allowed.compactMap { deed -> RefRule.Deed? in
                if case .string(let word) = deed { RefRule.Deed(rawValue: word) } else { nil }
            }
            return Rule(kind: kind, pattern: try RefPattern(pattern), allowed: Set(deeds))
        }
    }
}
