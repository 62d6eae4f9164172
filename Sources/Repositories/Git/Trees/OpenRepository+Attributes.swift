import CGit2
import Core

extension OpenRepository {
    /// The text that an attribute is set to for a path, by the `.gitattributes` of a commit.
    ///
    /// - Parameters:
    ///   - name: Such as `filter`.
    ///   - path: A file, which need not be there.
    ///   - commit: Where the attributes lie.
    /// - Returns: nil where it is not set, or set to no text.
    /// - Throws: `LibraryError` where the attributes cannot be read.
    /// - Source: gitattributes(5).
    func attribute(_ name: String, of path: TreePath, at commit: ObjectID) throws -> String? {
        var options = git_attr_options()
        options.version = UInt32(GIT_ATTR_OPTIONS_VERSION)
        // A bare repository has no work tree and no index; what the commit says is added to what they would.
        options.flags = UInt32(
            GIT_ATTR_CHECK_INDEX_ONLY | GIT_ATTR_CHECK_NO_SYSTEM | GIT_ATTR_CHECK_INCLUDE_COMMIT
        )
        options.attr_commit_id = commit.raw
        var value: UnsafePointer<CChar>?
        try GitLibrary.check(git_attr_get_ext(&value, pointer, &options, path.description, name))
        guard git_attr_value(value) == GIT_ATTR_VALUE_STRING, let value else { return nil }
        return String(cString: value)
    }

    /// Those of the files that a request writes which Git LFS is to keep: the attributes are those that hold afterwards.
    ///
    /// A folder that is moved or deleted together with a `.gitattributes` in it is not looked into.
    func largePaths(of request: CommitRequest) throws -> Set<TreePath> {
        guard let commit = try commitOfAttributes(for: request) else { return [] }
        var large: Set<TreePath> = []
        for change in request.changes {
            guard let (path, _) = change.written else { continue }
            if try attribute("filter", of: path.path, at: commit) == "lfs" { large.insert(path.path) }
        }
        return large
    }

    /// A commit that has the attributes of what a request would make; nil where there are none.
    private func commitOfAttributes(for request: CommitRequest) throws -> ObjectID? {
        let tip = try target(of: request.branch.ref)
        let name = Array(".gitattributes".utf8)
        let isChanged = request.changes.contains { change in
            change.paths.contains { $0.components.last == name }
        }
        guard isChanged else { return tip }
        let tree = EditableTree(try tip.map { try links(of: $0).tree }, in: self)
        for change in request.changes {
            let isAttributes = change.written?.path.path.components.last == name
            try tree.apply(isAttributes ? change : change.replacing(with: .bytes([])))
        }
        // No ref names it: it goes with the next maintenance.
        return try writeCommit(
            tree: tree.write(),
            parents: [],
            message: "Attributes",
            author: request.author,
            committer: request.committer
        )
    }
}

extension FileChange {
    /// What it writes, and where; nil where it moves or deletes.
    var written: (path: WritablePath, source: FileSource)? {
        switch self {
        case .create(let path, let source, _), .write(let path, let source, _): (path, source)
        case .delete, .move: nil
        }
    }

    /// Where something changes.
    var paths: [TreePath] {
        switch self {
        case .create(let path, _, _), .write(let path, _, _): [path.path]
        case .delete(let path): [path]
        case .move(let path, let target): [path, target.path]
        }
    }

    /// The same with another content; what writes none stays as it is.
    func replacing(with source: FileSource) -> FileChange {
        switch self {
        case .create(let path, _, let isExecutable): .create(path, source, isExecutable: isExecutable)
        case .write(let path, _, let isExecutable): .write(path, source, isExecutable: isExecutable)
        case .delete, .move: self
        }
    }
}
