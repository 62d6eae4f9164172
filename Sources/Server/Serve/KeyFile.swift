import Glibc
import Registry

/// The key under which secrets are stored, in a file that only this user may read; made where it is missing.
enum KeyFile {
    /// - Parameter path: The file, in a folder that is made as well.
    /// - Returns: The key.
    /// - Throws: `SettingError` for a file that cannot be used.
    static func read(_ path: String) throws -> [UInt8] {
        try PrivateFolder.make(around: path)
        if access(path, F_OK) != 0 { try make(path) }
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw error(path, "cannot be read") }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw error(path, "cannot be read") }
        guard status.st_mode & 0o077 == 0 else {
            throw SettingError("The key \(path) can be read by others: chmod 600 it.")
        }
        var key = [UInt8](repeating: 0, count: SecretBox.keyLengthBytes + 1)
        guard Glibc.read(file, &key, key.count) == SecretBox.keyLengthBytes else {
            throw SettingError("The key \(path) is not \(SecretBox.keyLengthBytes) bytes long.")
        }
        return key.dropLast()
    }

    /// Writes a new key under another name first, so that of several servers that start together one makes it, whole.
    private static func make(_ path: String) throws {
        guard let draft = KeyDraft(SecretBox.newKey(), for: path), draft.place() else {
            throw error(path, "cannot be made")
        }
    }

    private static func error(_ path: String, _ what: String) -> SettingError {
        SettingError("The key \(path) \(what): \(String(cString: strerror(errno))).")
    }
}
