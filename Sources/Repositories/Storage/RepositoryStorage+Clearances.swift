import Glibc

extension RepositoryStorage {
    /// Removes what was cleared for pushes, and noted of their packs, that did not come to withdraw it: SSH ends them without a
    /// word.
    ///
    /// - Parameter beforeMs: Epoch milliseconds; no push that began before is under way.
    /// - Throws: `GitError` where a file cannot be removed.
    package func removeClearances(madeBefore beforeMs: Int64) throws {
        let folder = "\(repositories.git.support)/\(PushClearance.folder)"
        for name in try PrivateFiles.names(in: folder) {
            let path = "\(folder)/\(name)"
            var status = stat()
            guard lstat(path, &status) == 0, Int64(status.st_mtim.tv_sec) * 1_000 < beforeMs else { continue }
            guard unlink(path) == 0 || errno == ENOENT else { try PrivateFiles.fail("removing", path) }
        }
    }
}
