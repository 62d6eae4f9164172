import Glibc

/// Files by which Git keeps others from writing, that are left of a process which was killed while it wrote.
///
/// Nobody takes them away by itself, and what they lock could not be written ever again.
struct StaleLocks: Sendable {
    let repository: String

    /// Removes the locks that were made before a time, since when whoever made them must have ended.
    ///
    /// - Parameter beforeMs: Epoch milliseconds.
    /// - Returns: How many there were.
    /// - Throws: `GitError` where one cannot be removed.
    @discardableResult
    func remove(madeBefore beforeMs: Int64) throws -> Int {
        var count = 0
        for folder in ["", "/objects/info", "/objects/info/commit-graphs", "/objects/pack"] {
            count += try remove(in: repository + folder, beforeMs, isDeep: false)
        }
        return try count + remove(in: repository + "/refs", beforeMs, isDeep: true)
    }

    private func remove(in folder: String, _ beforeMs: Int64, isDeep: Bool) throws -> Int {
        var count = 0
        for name in try names(in: folder) {
            let path = "\(folder)/\(name)"
            var status = stat()
            // What goes meanwhile was somebody's who lives.
            guard lstat(path, &status) == 0 else { continue }
            switch status.st_mode & S_IFMT {
            case S_IFDIR where isDeep: count += try remove(in: path, beforeMs, isDeep: true)
            // No ref may be called so.
            case S_IFREG where name.hasSuffix(".lock"):
                let madeMs = Int64(status.st_mtim.tv_sec) * 1_000 + Int64(status.st_mtim.tv_nsec) / 1_000_000
                guard madeMs < beforeMs else { continue }
                guard unlink(path) == 0 || errno == ENOENT else { try PrivateFiles.fail("removing", path) }
                count += 1
            default: continue
            }
        }
        return count
    }

    private func names(in folder: String) throws -> [String] {
        access(folder, F_OK) == 0 ? try PrivateFiles.names(in: folder) : []
    }
}
