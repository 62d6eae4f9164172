/// A branch and the commit that it points to.
package struct Branch: Sendable, Hashable {
    package let name: BranchName
    package let commit: ObjectID
    /// Whether it is the one that people see first.
    package let isDefault: Bool
}

/// A tag and the commit that it stands for.
package struct Tag: Sendable, Hashable {
    package let name: TagName
    /// Nil for the rare tag of a file or a folder.
    package let commit: ObjectID?
    /// What the ref points to: an object of its own for an annotated tag.
    package let object: ObjectID
    /// Who made it, if it is annotated.
    package let tagger: Signature?
    /// Nil if it is not annotated.
    package let message: String?
    /// Whether it carries a signature; nobody has checked it.
    package let isSigned: Bool
}

/// What a revision was found to be.
package struct ResolvedRevision: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        case branch(BranchName)
        case tag(TagName)
        case commit
    }

    package let kind: Kind
    package let commit: ObjectID

    package init(kind: Kind, commit: ObjectID) {
        self.kind = kind
        self.commit = commit
    }
}

/// A ref that has changed.
package struct RefUpdate: Sendable, Hashable {
    /// In full, such as `refs/heads/main`.
    package let ref: String
    /// Nil if it is new.
    package let before: ObjectID?
    /// Nil if it is gone.
    package let after: ObjectID?

    package init(ref: String, before: ObjectID?, after: ObjectID?) {
        self.ref = ref
        self.before = before
        self.after = after
    }
}
