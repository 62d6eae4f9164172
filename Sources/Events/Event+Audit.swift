extension Event.Kind {
    /// What the audit of a server shows: who may come in, who may do what, and whatever sends something elsewhere.
    ///
    /// An event says in its row whether it is one of these when it is written. A family that is added here is shown from
    /// then on; a migration has to mark the events of it that are there already.
    package static let audited: [Event.Kind] = allCases.filter { kind in
        auditedFamilies.contains { kind.rawValue.hasPrefix($0) }
    }

    var isAudited: Bool { Self.auditedKinds.contains(self) }

    private static let auditedFamilies = [
        "account.", "session.", "token.", "permission.", "object_role.", "organization.", "team.", "key.",
        "collaborator.", "repository.", "git.rule_", "webhook.", "mirror.set", "mirror.removed",
        "registered_model.approval_rule_",
    ]

    private static let auditedKinds = Set(audited)
}
