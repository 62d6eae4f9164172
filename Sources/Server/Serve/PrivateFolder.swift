import Glibc

/// Folders that only this user may enter.
enum PrivateFolder {
    /// Makes the folder that a file is to lie in, and those above it.
    static func make(around file: String) throws {
        guard let slash = file.lastIndex(of: "/"), slash > file.startIndex else { return }
        try make(String(file[..<slash]))
    }

    static func make(_ path: String) throws {
        if mkdir(path, 0o700) == 0 || errno == EEXIST { return }
        guard errno == ENOENT else {
            throw SettingError("The folder \(path) cannot be made: \(String(cString: strerror(errno))).")
        }
        try make(around: path)
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
            throw SettingError("The folder \(path) cannot be made: \(String(cString: strerror(errno))).")
        }
    }
}
