import Core

/// Counts the files and folders that a tree names, those of a folder that is named twice counted twice.
///
/// Security: a tree of some hundred bytes can stand for more paths than fit into memory, by naming one folder many times, whose
/// folders do the same. Whatever lists all paths asks here first. Each folder is read once, whoever names it.
struct PathBudget {
    let most: Int
    private var counts: [ObjectID: Int] = [:]

    /// - Parameter most: So many paths are listed.
    init(most: Int) {
        self.most = most
    }

    /// - Throws: `Failure.tooLarge` for a tree that names more paths.
    mutating func require(_ tree: ObjectID, in repository: OpenRepository) throws {
        var open = [try folder(tree, in: repository)]
        while var folder = open.popLast() {
            guard let child = folder.folders.popLast() else {
                counts[folder.id] = folder.count
                continue
            }
            if let known = counts[child] {
                folder.count += known
                guard folder.count <= most else { throw tooLarge }
                open.append(folder)
            } else {
                folder.folders.append(child)
                open.append(folder)
                open.append(try self.folder(child, in: repository))
            }
        }
    }

    private struct Folder {
        let id: ObjectID
        var count: Int
        /// Those in it that are not counted yet.
        var folders: [ObjectID]
    }

    private func folder(_ id: ObjectID, in repository: OpenRepository) throws -> Folder {
        let tree = try RawTree(id, in: repository)
        guard tree.entries.count <= most else { throw tooLarge }
        return Folder(
            id: id,
            count: tree.entries.count,
            folders: tree.entries.filter(\.isTree).map(tree.target)
        )
    }

    private var tooLarge: Failure {
        Failure(.tooLarge, "The revision has more than \(most) files and folders, and is not listed.")
    }
}
