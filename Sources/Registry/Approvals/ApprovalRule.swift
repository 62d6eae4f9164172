package import Core

/// How many people must approve a change of an alias or a stage before it is made.
package struct ApprovalRule: Sendable, Hashable {
    private static let mostApprovals: Int64 = 100

    package let target: ApprovalTarget
    /// From 1 to 100, each by somebody else.
    package let approvals: Int64
    /// Whether who asks may be one of those who approve.
    package let allowsOwn: Bool

    /// - Parameters:
    ///   - target: What is protected.
    ///   - approvals: How many people must approve.
    ///   - allowsOwn: Whether who asks may be one of them.
    /// - Throws: `Failure.invalid` for a number that is none of 1 to 100.
    package init(_ target: ApprovalTarget, approvals: Int64, allowsOwn: Bool = false) throws(Failure) {
        guard (1...Self.mostApprovals).contains(approvals) else {
            throw .invalid("'approvals' must be a number from 1 to \(Self.mostApprovals), not \(approvals).")
        }
        self.init(stored: target, approvals: approvals, allowsOwn: allowsOwn)
    }

    init(stored target: ApprovalTarget, approvals: Int64, allowsOwn: Bool) {
        self.target = target
        self.approvals = approvals
        self.allowsOwn = allowsOwn
    }
}

/// What a rule protects: an alias or a stage of a model, or all of them.
package enum ApprovalTarget: Sendable, Hashable {
    /// Setting, moving, rolling back and removing it.
    case alias(String)
    /// Entering and leaving it.
    case stage(ModelStage)
    case everyAlias
    case everyStage

    /// No alias and no stage is called so.
    private static let every = "*"

    /// Reads a request, which names either an alias or a stage; `*` is every one.
    ///
    /// - Parameters:
    ///   - alias: The alias; nil for none.
    ///   - stage: The stage in any case; nil for none.
    /// - Throws: `Failure.invalid` for both, for neither, and for what is no alias or stage.
    package init(alias: String?, stage: String?) throws(Failure) {
        switch (alias, stage) {
        case (Self.every?, nil): self = .everyAlias
        case (nil, Self.every?): self = .everyStage
        case (let alias?, nil):
            let name = try AliasName(alias)
            try name.checkFree()
            self = .alias(name.text)
        case (nil, let stage?): self = .stage(try ModelStage(word: stage))
        default: throw .invalid("A rule is about an alias or about a stage: name one of them.")
        }
    }

    /// The words of the database.
    init(kind: String, target: String) {
        switch (kind, target) {
        case ("stage", Self.every): self = .everyStage
        case ("stage", let stage): self = .stage(ModelStage(rawValue: stage) ?? .none)
        case (_, Self.every): self = .everyAlias
        case (_, let alias): self = .alias(alias)
        }
    }

    /// `alias` or `stage`, the name of the field.
    package var kind: String {
        switch self {
        case .alias, .everyAlias: "alias"
        case .stage, .everyStage: "stage"
        }
    }

    /// Its name; `*` for every one.
    package var name: String {
        switch self {
        case .alias(let alias): alias
        case .stage(let stage): stage.rawValue
        case .everyAlias, .everyStage: Self.every
        }
    }

    /// Whether it is another byte by byte, as the database compares.
    func isSame(as other: ApprovalTarget) -> Bool {
        kind == other.kind && ExactText(name) == ExactText(other.name)
    }

    /// The target of a rule that goes where this has none.
    var every: ApprovalTarget { kind == "alias" ? .everyAlias : .everyStage }
}
