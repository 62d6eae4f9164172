import Glibc

/// The folder that relative paths begin at.
package enum WorkingFolder {
    /// Its path when the program first asked; the root where somebody had removed it before.
    package static let path: String = {
        guard let path = getcwd(nil, 0) else { return "/" }
        defer { free(path) }
        return String(cString: path)
    }()
}
