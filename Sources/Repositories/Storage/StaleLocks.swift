import Glibc

/// Files by which Git keeps others from writing, that are left of a process which was killed while it wrote.
///
/// Nobody takes them away by itself, and what they lock could not be written ever again.
struct StaleLocks: Sendable {
    let repository: String

    /// What is locked.
    enum Extent {
        /// What a push waits for.
        case refs
        /// Packs, indexes and settings too, which whoever tends the repository may hold for long.
        case all
    }

    /// Removes the locks that were made before a time, since when whoever made them must have ended.
    ///
    /// - Parameters:
    ///   - extent: Which of them.
    ///   - beforeMs: Epoch milliseconds.
    /// - Returns: How many there were.
    /// - Throws: `GitError` where one cannot be removed.
    @discardableResult
    func remove(_ extent: Extent, madeBefore beforeMs: Int64) throws -> Int {
        var count = try remove(in: repository + "/refs", beforeMs, isDeep: true)
        switch extent {
        case .refs:
            for name in ["HEAD.lock", "packed-refs.lock"] {
                count += try remove(name, in: repository, beforeMs, isDeep: false)
            }
        case .all:
            for folder in ["", "/objects/info", "/objects/info/commit-graphs", "/objects/pack"] {
                count += try remove(in: repository + folder, beforeMs, isDeep: false)
            }
        }
        return count
    }

    private func remove(in folder: String, _ beforeMs: Int64, isDeep: Bool) throws -> Int {
        var count = 0
        for name in try names(in: folder) { count += try remove(name, in: folder, beforeMs, isDeep: isDeep) }
        return count
    }

    private func remove(_ name: String, in folder: String, _ beforeMs: Int64, isDeep: Bool) throws -> Int {
        let path = "\(folder)/\(name)"
        var status = stat()
        // What goes meanwhile was somebody's who lives.
        guard lstat(path, &status) == 0 else { return 0 }
        switch status.st_mode & S_IFMT {
        case S_IFDIR where isDeep: return try remove(in: path, beforeMs, isDeep: true)
        // No ref may be called so.
        case S_IFREG where name.hasSuffix(".lock"):
            let madeMs = Int64(status.st_mtim.tv_sec) * 1_000 + Int64(status.st_mtim.tv_nsec) / 1_000_000
            guard madeMs < beforeMs else { return 0 }
            guard unlink(path) == 0 || errno == ENOENT else { try PrivateFiles.fail("removing", path) }
            return 1
        default: return 0
        }
    }

    private func names(in folder: String) throws -> [String] {
        do {
            return try PrivateFiles.names(in: folder)
        } catch {
            // `git` removes folders of refs when they are empty, at any moment.
            guard access(folder, F_OK) != 0, errno == ENOENT else { throw error }
            return []
        }
    }
}
