/// One thing in a folder.
package struct TreeEntry: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable {
        case file, executable, symlink, folder, submodule
    }

    /// From the root.
    package let path: TreePath
    package let kind: Kind
    /// As Git keeps it, such as `0o100644`.
    package let mode: Int
    /// A blob, a tree, or the commit that a submodule stands at.
    package let id: ObjectID
    /// Nil for folders and submodules, and where nobody asked.
    package internal(set) var sizeBytes: Int?
    /// The latest commit that changed it; nil where nobody asked, or where it was not found in time.
    package internal(set) var lastCommit: CommitSummary?

    /// Its own name, as text that may be shown.
    package var name: String { path.name }

    init(path: TreePath, mode: Int, id: ObjectID) {
        self.path = path
        self.mode = mode
        self.id = id
        kind = Kind(mode: mode)
    }
}

extension TreeEntry.Kind {
    init(mode: Int) {
        self =
            switch mode & 0o170000 {
            case 0o040000: .folder
            case 0o120000: .symlink
            case 0o160000: .submodule
            default: mode & 0o111 == 0 ? .file : .executable
            }
    }
}

/// What a list shows of a commit.
package struct CommitSummary: Sendable, Hashable {
    package let id: ObjectID
    /// The first paragraph of the message, at most `CommitSummary.mostBytes` of it.
    package let summary: String
    package let author: Signature
    package let committedSeconds: Int64

    static let mostBytes = 500
}

/// A folder at a commit.
package struct FolderListing: Sendable {
    package let path: TreePath
    package let commit: ObjectID
    package let tree: ObjectID
    /// In Git's order.
    package let entries: [TreeEntry]
    /// Whether every entry has its last commit.
    ///
    /// If they were asked for and this is false, they are still being looked for, and will be there later.
    package let hasAllLastCommits: Bool
}
