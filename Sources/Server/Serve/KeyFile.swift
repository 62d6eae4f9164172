import Core
import Glibc
import Registry
import Webhooks

/// The keys under which secrets are stored, in a file that only this user may read: the one that seals, and behind it those
/// before, which may still be needed.
struct KeyFile: Sendable {
    let path: String

    /// More than so many rotations are not left unfinished one after the other.
    private static let mostKeys = 16

    init(_ path: String) {
        self.path = path
    }

    init(_ settings: Settings) {
        self.init(settings.dataFolder + "/webhook-secrets.key")
    }

    /// The keys, of which there is one at least.
    ///
    /// - Throws: `SettingError` for a file that cannot be used.
    func read() throws -> [[UInt8]] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw error("cannot be read") }
        defer { close(file) }
        guard let status = FileStatus(ofOpenFile: file) else { throw error("cannot be read") }
        guard status.isPrivate else {
            throw SettingError("The key \(path) can be read by others: chmod 600 it.")
        }
        let length = SecretBox.keyLengthBytes
        var bytes = [UInt8](repeating: 0, count: length * Self.mostKeys + 1)
        let count = Glibc.read(file, &bytes, bytes.count)
        guard count > 0, count < bytes.count, count % length == 0 else {
            throw SettingError(
                "The key \(path) is not \(length) bytes long, or \(length) for each of several keys."
            )
        }
        return stride(from: 0, to: count, by: length).map { Array(bytes[$0..<$0 + length]) }
    }

    /// The keys; the first is made where there is no file, in a folder that is made as well.
    ///
    /// - Throws: `SettingError` for a file that cannot be used or made.
    func readOrMake() throws -> [[UInt8]] {
        try PrivateFolder.make(around: path)
        if access(path, F_OK) != 0 {
            // Of several servers that start together, one makes it, whole.
            guard let draft = KeyDraft(SecretBox.newKey(), for: path), draft.place() else {
                throw error("cannot be made")
            }
        }
        return try read()
    }

    /// Puts keys in the place of those there, all or none.
    ///
    /// - Throws: `SettingError` where that cannot be done.
    func replace(with keys: [[UInt8]]) throws {
        guard keys.count <= Self.mostKeys else {
            throw SettingError("The key \(path) holds \(Self.mostKeys) keys, which is the most that it can.")
        }
        guard let draft = KeyDraft(Array(keys.joined()), for: path), draft.replace() else {
            throw error("cannot be replaced")
        }
    }

    /// Does something while no other process does the same to this file.
    ///
    /// - Throws: `SettingError` where another does; what the body throws.
    func alone<T>(_ body: () async throws -> T) async throws -> T {
        try PrivateFolder.make(around: path)
        // The folder is locked, since the file is another after each change.
        let slash = path.lastIndex(of: "/")
        let folder = open(slash.map { String(path[...$0]) } ?? ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw error("cannot be locked") }
        defer { close(folder) }
        guard flock(folder, LOCK_EX | LOCK_NB) == 0 else {
            throw SettingError("The key \(path) is being replaced by another process.")
        }
        // A program that was started meanwhile may hold the folder open for a moment more; it is not to keep the lock.
        defer { flock(folder, LOCK_UN) }
        return try await body()
    }

    private func error(_ what: String) -> SettingError {
        SettingError("The key \(path) \(what): \(String(cString: strerror(errno))).")
    }
}
