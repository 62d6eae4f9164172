import CGit2
import Core

/// A tree that is being changed in memory; folders are read when somebody goes into them, and written when all is done.
final class EditableTree {
    private let repository: OpenRepository
    private let root: Folder

    private final class Folder {
        /// Nil as long as nobody has looked into it.
        var entries: [[UInt8]: Node]?
        /// What it is as long as nothing in it has changed.
        var stored: ObjectID?

        init(stored: ObjectID?) {
            self.stored = stored
            entries = stored == nil ? [:] : nil
        }
    }

    private enum Node {
        case leaf(mode: Int, id: ObjectID)
        case folder(Folder)
    }

    /// The changes begin at a tree; nil is one without anything.
    init(_ tree: ObjectID?, in repository: OpenRepository) {
        self.repository = repository
        root = Folder(stored: tree)
    }

    /// - Throws: `Failure` if a change does not fit what lies there.
    func apply(_ change: FileChange) throws {
        switch change {
        case .create(let path, let source, let isExecutable):
            guard try find(path.path) == nil else {
                throw Failure.alreadyExists("'\(path.path)' exists already")
            }
            try put(
                .leaf(mode: isExecutable ? 0o100755 : 0o100644, id: repository.writeBlob(source)),
                at: path.path
            )
        case .write(let path, let source, let isExecutable):
            let mode = try modeToWrite(path.path, isExecutable)
            try put(.leaf(mode: mode, id: repository.writeBlob(source)), at: path.path)
        case .delete(let path):
            try take(path)
        case .move(let path, let target):
            guard !target.path.components.starts(with: path.components) else {
                throw Failure.invalid("'\(path)' cannot be moved into itself")
            }
            guard try find(target.path) == nil else {
                throw Failure.alreadyExists("'\(target.path)' exists already")
            }
            let node = try take(path)
            // Security: git follows links of these names in a work tree, and would read settings from anywhere.
            if case .leaf(let mode, _) = node, TreeEntry.Kind(mode: mode) == .symlink,
                target.path.name.lowercased().hasPrefix(".git")
            {
                throw Failure.invalid("A symbolic link cannot be called '\(target.path.name)'")
            }
            try put(node, at: target.path)
        }
    }

    /// Writes what has changed; the tree of it all.
    func write() throws -> ObjectID {
        try write(root) ?? repository.writeObject([], as: GIT_OBJECT_TREE)
    }

    /// A file keeps its mode; a symbolic link becomes a file, so that nobody writes where it points.
    private func modeToWrite(_ path: TreePath, _ isExecutable: Bool?) throws -> Int {
        switch try find(path) {
        case .folder:
            throw Failure.invalid("'\(path)' is a folder")
        case .leaf(let mode, _) where TreeEntry.Kind(mode: mode) == .submodule:
            throw Failure.invalid("'\(path)' is a submodule")
        case .leaf(let mode, _):
            isExecutable ?? (TreeEntry.Kind(mode: mode) == .executable) ? 0o100755 : 0o100644
        case nil:
            isExecutable ?? false ? 0o100755 : 0o100644
        }
    }

    private func find(_ path: TreePath) throws -> Node? {
        var folder = root
        for component in path.components.dropLast() {
            guard case .folder(let next) = try entries(of: folder)[component] else { return nil }
            folder = next
        }
        guard let name = path.components.last else { return .folder(root) }
        return try entries(of: folder)[name]
    }

    private func put(_ node: Node, at path: TreePath) throws {
        var folder = root
        folder.stored = nil
        for component in path.components.dropLast() {
            var entries = try entries(of: folder)
            switch entries[component] {
            case .folder(let next):
                _ = try self.entries(of: next)
                folder.stored = nil
                folder = next
            case .leaf:
                let place = String(decoding: component, as: UTF8.self)
                throw Failure.invalid("'\(path)' cannot be made: '\(place)' is no folder")
            case nil:
                let next = Folder(stored: nil)
                entries[component] = .folder(next)
                folder.entries = entries
                folder = next
            }
            folder.stored = nil
        }
        guard let name = path.components.last else { throw Failure.invalid("A file needs a name") }
        _ = try entries(of: folder)
        folder.entries?[name] = node
    }

    @discardableResult
    private func take(_ path: TreePath) throws -> Node {
        guard let name = path.components.last, let node = try find(path) else {
            throw Failure.missing("No file or folder '\(path)'")
        }
        var folder = root
        for component in path.components.dropLast() {
            _ = try entries(of: folder)
            folder.stored = nil
            guard case .folder(let next) = folder.entries?[component] else {
                preconditionFailure("it was found")
            }
            folder = next
        }
        _ = try entries(of: folder)
        folder.stored = nil
        folder.entries?[name] = nil
        return node
    }

    private func entries(of folder: Folder) throws -> [[UInt8]: Node] {
        if let entries = folder.entries { return entries }
        guard let id = folder.stored else { preconditionFailure("a new folder has its entries") }
        let tree = try RawTree(id, in: repository)
        let entries = Dictionary(
            tree.entries.map { entry -> ([UInt8], Node) in
                let id = tree.target(entry)
                return (
                    tree.name(entry),
                    entry.isTree ? .folder(Folder(stored: id)) : .leaf(mode: Int(entry.mode), id: id)
                )
            },
            uniquingKeysWith: { first, _ in first }
        )
        folder.entries = entries
        return entries
    }

    /// Nil for a folder without anything, which Git does not have.
    private func write(_ folder: Folder) throws -> ObjectID? {
        if let stored = folder.stored { return stored }
        let lines = try entries(of: folder).compactMap {
            name,
            node -> (key: [UInt8], mode: Int, name: [UInt8], id: ObjectID)? in
            switch node {
            case .leaf(let mode, let id):
                return (name, mode, name, id)
            case .folder(let inner):
                // Git compares folders as if a slash followed.
                return try write(inner).map { (name + [UInt8(ascii: "/")], 0o040000, name, $0) }
            }
        }
        guard !lines.isEmpty else { return nil }
        var bytes: [UInt8] = []
        for line in lines.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            bytes +=
                Array(String(line.mode, radix: 8).utf8) + [UInt8(ascii: " ")] + line.name + [0]
                + line.id.bytes
        }
        return try repository.writeObject(bytes, as: GIT_OBJECT_TREE)
    }
}
