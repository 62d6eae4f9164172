import Glibc

/// What the file system says of a file, without whose it is, which takes much longer to find out.
package struct FileStatus {
    package let isRegular: Bool
    /// Whether its owner alone may use it.
    package let isPrivate: Bool
    package let lengthBytes: Int
    /// When its content changed last, in nanoseconds since 1970.
    package let changedNanoseconds: Int

    /// Nil where nothing can be found.
    ///
    /// - Parameters:
    ///   - path: Of the file.
    ///   - followsLinks: Whether a link stands for what it leads to.
    package init?(ofFile path: String, followsLinks: Bool = true) {
        var status = stat()
        guard (followsLinks ? stat(path, &status) : lstat(path, &status)) == 0 else { return nil }
        self.init(status)
    }

    /// Nil where nothing can be found.
    ///
    /// - Parameter descriptor: Of the file, which is open.
    package init?(ofOpenFile descriptor: Int32) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return nil }
        self.init(status)
    }

    private init(_ status: stat) {
        isRegular = status.st_mode & S_IFMT == S_IFREG
        isPrivate = status.st_mode & 0o077 == 0
        lengthBytes = Int(status.st_size)
        changedNanoseconds = Int(status.st_mtim.tv_sec) * 1_000_000_000 + Int(status.st_mtim.tv_nsec)
    }
}
