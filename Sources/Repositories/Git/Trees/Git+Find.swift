import Core

extension Git {
    /// So many entries of trees are looked at; what lies beyond is not found.
    private static let mostEntries = 30_000

    /// The files of the default branch whose path contains a text, whatever the case of its letters a to z.
    ///
    /// - Parameters:
    ///   - text: What the path contains.
    ///   - limit: How many at the most.
    /// - Returns: The branch and the paths, those near the root first; nil for a repository without commits.
    /// - Throws: Faults of the repository.
    package func find(
        containing text: String,
        limit: Int
    ) async throws -> (branch: BranchName, paths: [TreePath])? {
        let wanted = Array(text.utf8.map(Self.small))
        return try await run { repository in
            guard let branch = try repository.defaultBranch(),
                let commit = try? repository.resolve(Revision(branch)).commit
            else { return nil }
            var folders = [(TreePath.root, try repository.links(of: commit).tree)][...]
            var (found, left): ([TreePath], Int) = ([], Self.mostEntries)
            while let (folder, id) = folders.popFirst(), left > 0, found.count < limit {
                for entry in repository.entries(of: try RawTree(id, in: repository), at: folder) {
                    left -= 1
                    if entry.kind == .folder {
                        folders.append((entry.path, entry.id))
                    } else if found.count < limit, Self.contains(entry.path.bytes, wanted) {
                        found.append(entry.path)
                    }
                }
            }
            return (branch, found)
        }
    }

    private static func small(_ byte: UInt8) -> UInt8 {
        (0x41...0x5A).contains(byte) ? byte + 0x20 : byte
    }

    private static func contains(_ path: [UInt8], _ wanted: [UInt8]) -> Bool {
        guard !wanted.isEmpty, path.count >= wanted.count else { return wanted.isEmpty }
        return (0...path.count - wanted.count).contains { start in
            wanted.indices.allSatisfy { small(path[start + $0]) == wanted[$0] }
        }
    }
}
