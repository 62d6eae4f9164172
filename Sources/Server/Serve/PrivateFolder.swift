import Glibc

/// Folders that only this user may enter.
enum PrivateFolder {
    /// Makes the folder that a file is to lie in, and those above it.
    static func make(around file: String) throws {
        guard let slash = file.lastIndex(of: "/"), slash > file.startIndex else { return }
        try make(String(file[..<slash]))
    }

    static func make(_ path: String) throws {
        guard isMade(path) else {
            throw SettingError("The folder \(path) cannot be made: \(String(cString: strerror(errno))).")
        }
    }

    /// Makes the folder that an option names, and looks whether files can be made in it.
    static func make(_ path: String, of name: SettingName) throws {
        guard isMade(path), access(path, W_OK | X_OK) == 0 else {
            let reason = String(cString: strerror(errno))
            throw SettingError(
                "--\(name.rawValue) must be a folder that this user can write in, not '\(path)' (\(reason))."
            )
        }
    }

    /// False where it is not there and cannot be made, or is no folder; `errno` says why.
    private static func isMade(_ path: String) -> Bool {
        if mkdir(path, 0o700) == 0 { return true }
        if errno == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex {
            guard isMade(String(path[..<slash])) else { return false }
            if mkdir(path, 0o700) == 0 { return true }
        }
        // With a slash behind it, only a folder is there.
        return errno == EEXIST && access(path + "/", F_OK) == 0
    }
}
