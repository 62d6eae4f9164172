/// What is to happen to one file in a commit.
package enum FileChange: Sendable {
    /// Makes a file where nothing lies.
    case create(WritablePath, FileSource, isExecutable: Bool = false)
    /// Makes a file, or puts another content into the one that lies there; nil keeps its mode.
    case write(WritablePath, FileSource, isExecutable: Bool? = nil)
    /// Takes a file away, or a folder with all in it.
    case delete(TreePath)
    /// Moves a file, or a folder with all in it, to where nothing lies.
    case move(TreePath, to: WritablePath)
}

/// Where the content of a file comes from.
package enum FileSource: Sendable {
    case bytes([UInt8])
    /// A temporary file of this server's own, read piece by piece.
    case file(path: String)
}

/// A commit that is to be made on a branch.
package struct CommitRequest: Sendable {
    /// Where the changes begin; in an empty repository it need not exist.
    package var branch: BranchName
    /// A branch that is to be made for the commit; `branch` stays where it is then.
    package var newBranch: BranchName?
    /// The tip that the changes were made for, another is refused; nil for whatever the tip is.
    package var expectedTip: ObjectID?
    package var changes: [FileChange]
    package var message: String
    package var author: Signature
    package var committer: Signature

    /// Each change sees what those before it did; the author is the committer unless another is given.
    package init(
        on branch: BranchName,
        _ changes: [FileChange],
        message: String,
        by author: Signature,
        committer: Signature? = nil
    ) {
        self.branch = branch
        self.changes = changes
        self.message = message
        self.author = author
        self.committer = committer ?? author
    }
}

/// What came of a change.
package struct ChangeOutcome: Sendable, Hashable {
    /// The tip of the branch afterwards.
    package let commit: ObjectID
    /// None if nothing had to change.
    package let updates: [RefUpdate]

    package init(commit: ObjectID, updates: [RefUpdate]) {
        self.commit = commit
        self.updates = updates
    }
}
