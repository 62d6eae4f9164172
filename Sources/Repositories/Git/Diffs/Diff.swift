/// What differs between two trees, as far as the limits let it be told.
package struct Diff: Sendable {
    package let files: [FileDiff]
    /// How many files differ, also those that are not listed.
    package let fileCount: Int
    /// Lines that came, in the files whose lines were counted.
    package let additions: Int
    /// Lines that went, in the files whose lines were counted.
    package let deletions: Int
    /// Which limits have left something out; none if all is told.
    package let cuts: Set<Cut>

    package var isTruncated: Bool { !cuts.isEmpty }

    /// What was left out.
    package enum Cut: String, Sendable, Hashable {
        /// Files beyond `DiffLimits.files` are not listed.
        case files
        /// Lines beyond `DiffLimits.lines` are not shown.
        case lines
        /// Text beyond `DiffLimits.bytes` is not shown.
        case bytes
        /// There were too many or too large files to look for renames by content.
        case renames
    }
}

/// One file that differs.
package struct FileDiff: Sendable {
    package enum Status: String, Sendable, Hashable {
        case added, deleted, modified, renamed, typeChanged
    }

    package enum Content: Sendable {
        case text([Hunk])
        case binary
        /// One side is larger than `DiffLimits.fileBytes`.
        case tooLarge
        /// A limit of the whole diff was reached before.
        case leftOut
    }

    package let status: Status
    /// Nil if it was added.
    package let oldPath: TreePath?
    /// Nil if it was deleted.
    package let newPath: TreePath?
    package let oldMode: Int
    package let newMode: Int
    package let oldID: ObjectID?
    package let newID: ObjectID?
    /// Of a renamed file how much stayed the same, in percent.
    package let similarity: Int
    /// Nil if its lines were not counted.
    package let additions: Int?
    package let deletions: Int?
    package let content: Content
    /// Whether some of its lines are not shown.
    package let isTruncated: Bool

    /// Where it lies now, or did last.
    package var path: TreePath { newPath ?? oldPath ?? .root }
}

/// Lines that differ, with some around them that do not.
package struct Hunk: Sendable, Hashable {
    package let oldStart: Int
    package let oldCount: Int
    package let newStart: Int
    package let newCount: Int
    /// The line above that git takes for the heading of it, such as a function's first.
    package let heading: String
    package internal(set) var lines: [Line]

    package struct Line: Sendable, Hashable {
        package enum Kind: Sendable, Hashable {
            case context, addition, deletion
        }

        package let kind: Kind
        /// Without its line break; what is no UTF-8 is replaced.
        package let text: String
        package let oldNumber: Int?
        package let newNumber: Int?
        /// Whether it is the last of its file and has no line break.
        package internal(set) var lacksLineBreak = false
    }
}

/// How much of a diff is told.
package struct DiffLimits: Sendable {
    package var files = 1_000
    /// Of all files together.
    package var lines = 20_000
    /// Of all files together.
    package var bytes = 4 << 20
    /// Of one file, on either side.
    package var fileBytes = 1 << 20

    package init() {}
}

/// What is wanted of a diff.
package struct DiffQuery: Sendable {
    package var limits = DiffLimits()
    /// Only this file, where it lies now or lay before.
    package var path: TreePath?
    /// How many lines around each change.
    package var contextLines = 3
    package var ignoresWhitespace = false

    package init() {}
}

/// Two revisions beside each other: what `head` has that `base` has not.
package struct Comparison: Sendable {
    package let base: ObjectID
    package let head: ObjectID
    /// Where they have parted; nil if they have nothing in common.
    package let mergeBase: ObjectID?
    package let divergence: Divergence
    /// Of `head`, the latest first, as many as were asked for.
    package let commits: [Commit]
    /// From where they have parted to `head`.
    package let diff: Diff
}
