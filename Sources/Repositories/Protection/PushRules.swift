import Core

/// What the rules of a repository say to one pusher.
package struct PushRules: Sendable, Hashable {
    private let rules: [Rule]
    /// Why no branch and no tag may change, whatever the rules say; nil where they may.
    private let closed: String?
    /// The ref in full of the branch that is shown first.
    let head: String?

    private struct Rule: Sendable, Hashable {
        let kind: RefRule.Kind
        let pattern: RefPattern
        let allowed: Set<RefRule.Deed>

        func fits(_ ref: String) -> Bool {
            ref.hasPrefix(kind.folder) && pattern.fits(ref.dropFirst(kind.folder.count))
        }
    }

    /// - Parameters:
    ///   - rules: Those of the repository.
    ///   - pusher: Who pushes.
    ///   - closed: Why nobody may.
    ///   - head: The ref in full of the branch that is shown first.
    package init(_ rules: [RefRule], for pusher: Pusher, closed: String? = nil, head: String? = nil) {
        self.closed = closed
        self.head = head
        self.rules = rules.map { rule in
            Rule(
                kind: rule.kind,
                pattern: rule.pattern,
                allowed: Set(RefRule.Deed.allCases.filter { rule.allows($0, for: pusher) })
            )
        }
    }

    /// Why a ref changes for nobody; nil where the rules say for whom it does.
    func closure(of ref: String) -> String? {
        ref.hasPrefix(RefName.branches) || ref.hasPrefix(RefName.tags) ? closed : nil
    }

    /// The rule that forbids something, or why nobody may do it; nil where it is allowed.
    ///
    /// Of several rules that fit, each must allow it.
    package func refusal(of deed: RefRule.Deed, to ref: String) -> String? {
        if let closure = closure(of: ref) { return closure }
        return rules.first { $0.fits(ref) && !$0.allowed.contains(deed) }.map { rule in
            "\(rule.kind.rawValue) rule '\(rule.pattern.text)'"
        }
    }

    /// Whether something hangs on which commits a change of this ref leaves behind.
    func heedsForce(on ref: String) -> Bool { refusal(of: .force, to: ref) != nil }

    /// As the hook is given them.
    var text: String {
        let rules = rules.map { rule -> JSON in
            [
                "kind": .string(rule.kind.rawValue), "pattern": .string(rule.pattern.text),
                "allowed": .array(rule.allowed.map(\.rawValue).sorted().map(JSON.string)),
            ]
        }
        var members = [JSON.Member(key: "rules", value: .array(rules))]
        if let closed { members.append(JSON.Member(key: "closed", value: .string(closed))) }
        if let head { members.append(JSON.Member(key: "head", value: .string(head))) }
        return JSON.object(members).text
    }

    /// - Throws: `JSONError`, `Failure` for a text that is not of these.
    init(text: String) throws {
        let json = try JSON(parsing: text)
        // A server of an older version gives the rules alone.
        guard case .array(let elements) = json["rules"] ?? json else { throw Failure.invalid("no rules") }
        closed = if case .string(let closed)? = json["closed"] { closed } else { nil }
        head = if case .string(let head)? = json["head"] { head } else { nil }
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
