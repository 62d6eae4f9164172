import CGit2
import Core

/// Some of the entries of a tree, in Git's order; with those of its folders, each folder before what is in it.
package struct TreePage: Sendable {
    package let tree: ObjectID
    package let entries: [TreeEntry]
    /// How many entries were counted: all that there are, unless it is cut off.
    package let total: Int
    /// Whether the tree has more entries or deeper folders than are looked at, which are on no page.
    package let isCutOff: Bool
}

extension Git {
    /// Security: a small tree can stand for more entries than anybody lives to see, by naming one folder many times.
    private static let mostTreeEntries = 100_000

    /// A part of what is in a tree, with the sizes of its files.
    ///
    /// - Parameters:
    ///   - name: A branch, a tag or a commit, whose root is meant, or the id of a tree in full.
    ///   - isRecursive: Whether what is in its folders is counted too.
    ///   - offset: How many entries to leave out first.
    ///   - limit: How many at the most.
    /// - Returns: The entries, whose paths begin at the tree.
    /// - Throws: `Failure.missing` where nothing of that name is there.
    package func treePage(
        of name: Revision,
        isRecursive: Bool,
        offset: Int,
        limit: Int
    ) async throws -> TreePage {
        try await run { repository in
            let root = try repository.tree(named: name)
            var stack = [(tree: try RawTree(root, in: repository), path: TreePath.root, next: 0)]
            var (found, count, isCutOff): ([TreeEntry], Int, Bool) = ([], 0, false)
            while let top = stack.last {
                guard top.next < top.tree.entries.count else {
                    stack.removeLast()
                    continue
                }
                guard count < Self.mostTreeEntries else {
                    isCutOff = true
                    break
                }
                stack[stack.count - 1].next += 1
                let raw = top.tree.entries[top.next]
                let (isWanted, isOpened) = (count >= offset && found.count < limit, isRecursive && raw.isTree)
                count += 1
                guard isWanted || isOpened else { continue }
                let (path, id) = (top.path.appending(top.tree.name(raw)), top.tree.target(raw))
                if isWanted {
                    var entry = TreeEntry(path: path, mode: Int(raw.mode), id: id)
                    entry.sizeBytes = try repository.sizeBytes(of: entry)
                    found.append(entry)
                }
                guard isOpened else { continue }
                if stack.count < TreePath.mostComponents {
                    stack.append((tree: try RawTree(id, in: repository), path: path, next: 0))
                } else {
                    isCutOff = true
                }
            }
            return TreePage(tree: root, entries: found, total: count, isCutOff: isCutOff)
        }
    }
}

extension OpenRepository {
    fileprivate func tree(named name: Revision) throws -> ObjectID {
        if let found = try find(name) { return try links(of: found.commit).tree }
        guard let id = ObjectID(name.text), try header(of: id)?.type == GIT_OBJECT_TREE else {
            throw Failure.missing("No branch, tag, commit or tree '\(name)'")
        }
        return id
    }
}
