import Glibc

/// What the file system says of a file, without whose it is, which takes much longer to find out.
package struct FileStatus {
    package let isRegular: Bool
    package let lengthBytes: Int
    /// When its content changed last, in nanoseconds since 1970.
    package let changedNanoseconds: Int

    /// Nil where nothing can be found.
    ///
    /// - Parameter path: Of the file, or of a link to it.
    package init?(ofFile path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        isRegular = status.st_mode & S_IFMT == S_IFREG
        lengthBytes = Int(status.st_size)
        changedNanoseconds = Int(status.st_mtim.tv_sec) * 1_000_000_000 + Int(status.st_mtim.tv_nsec)
    }
}
