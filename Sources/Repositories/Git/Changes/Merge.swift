package import Core

/// How one branch comes into another.
package enum MergeMethod: String, Sendable, Hashable {
    /// The branch moves on to the other's tip; only where nothing else has come to it.
    case fastForward
    /// A commit with both as its parents, always.
    case merge
    /// One commit with all that the other brings, and the branch as its parent.
    case squash
    /// The other's commits one by one on top of the branch, with their authors; without its merges.
    case rebase
}

/// A merge that is to be made.
package struct MergeRequest: Sendable {
    /// The branch that moves.
    package var base: BranchName
    /// What comes into it.
    package var head: Revision
    package var method: MergeMethod
    /// The tip that somebody looked at, another is refused; nil for whatever it is.
    package var expectedBase: ObjectID?
    /// Likewise of the other side.
    package var expectedHead: ObjectID?
    /// Of the merge, or of the one commit of a squash.
    package var message: String
    /// Of the merge or the squash.
    package var author: Signature
    package var committer: Signature

    /// The message is that of the commit, if there is one; the author is who merges.
    package init(
        _ head: Revision,
        into base: BranchName,
        by method: MergeMethod,
        message: String,
        author: Signature
    ) {
        self.base = base
        self.head = head
        self.method = method
        self.message = message
        self.author = author
        committer = author
    }
}

/// What a merge came to.
package enum MergeOutcome: Sendable, Hashable {
    case merged(ChangeOutcome)
    /// Both sides have changed these files, each in its own way. Nothing was done.
    case conflicts([TreePath])
}

/// Whether one revision can be merged into another.
package enum Mergeability: Sendable, Hashable {
    /// There is nothing to merge.
    case upToDate
    /// Nothing has come to the base since.
    case fastForward
    case clean
    case conflicts([TreePath])
    /// They have no history in common.
    case unrelated
}

extension Failure {
    /// Says that a merge needs a person, and for which files.
    ///
    /// - Parameters:
    ///   - paths: What both sides have changed; the first ten are named.
    ///   - head: What was to come in.
    ///   - base: Where it was to come in.
    /// - Returns: What is wrong and what to do, for who merges.
    package static func conflicts(in paths: [TreePath], of head: String, into base: String) -> Failure {
        let mostNamed = 10
        let named = paths.prefix(mostNamed).map { "'\($0)'" }.joined(separator: ", ")
        let others = paths.count > mostNamed ? " and \(paths.count - mostNamed) more" : ""
        return Failure(
            .invalidState,
            "'\(head)' cannot be merged into '\(base)' without a person: both have changed \(named)\(others). "
                + "Merge them in a clone and push what comes of it."
        )
    }
}
