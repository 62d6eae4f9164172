import CGit2
import Core

extension OpenRepository {
    /// The mode and the id of what lies at a path of a tree; nil if nothing does.
    ///
    /// It goes through folders only: never through a symbolic link, nor into a submodule.
    func entry(at path: TreePath, of tree: ObjectID) throws -> (mode: Int, id: ObjectID)? {
        var (mode, id) = (0o040000, tree)
        for component in path.components {
            guard mode == 0o040000 else { return nil }
            let tree = try RawTree(id, in: self)
            guard let entry = tree.entry(named: component) else { return nil }
            (mode, id) = (Int(entry.mode), tree.target(entry))
        }
        return (mode, id)
    }

    /// The tree at a path of a tree; nil if no folder lies there.
    func folder(at path: TreePath, of tree: ObjectID) throws -> ObjectID? {
        guard let entry = try entry(at: path, of: tree), entry.mode == 0o040000 else { return nil }
        return entry.id
    }

    /// The entries of a folder, without sizes and last commits.
    func entries(of tree: RawTree, at path: TreePath) -> [TreeEntry] {
        tree.entries.map {
            TreeEntry(path: path.appending(tree.name($0)), mode: Int($0.mode), id: tree.target($0))
        }
    }

    /// The size of a blob; nil for what is none.
    func sizeBytes(of entry: TreeEntry) throws -> Int? {
        switch entry.kind {
        case .folder, .submodule: nil
        case .file, .executable, .symlink: try header(of: entry.id)?.sizeBytes
        }
    }
}
