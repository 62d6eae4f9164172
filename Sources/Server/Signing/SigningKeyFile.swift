import Core
import FoundationEssentials
import Glibc
import Registry

/// The file that holds the key with which a server signs; only its owner may read it.
struct SigningKeyFile: Sendable {
    let path: String

    /// The key; nil where there is no file yet.
    ///
    /// - Throws: `SettingError` for a file that others may read, or that holds no key.
    func read() throws -> SigningKey? {
        var status = stat()
        guard stat(path, &status) == 0 else {
            if errno == ENOENT { return nil }
            throw error("cannot be read")
        }
        // Security: a key that others could read is no proof of who signed.
        guard status.st_mode & 0o077 == 0 else {
            throw SettingError(
                "The signing key \(path) can be read by others: chmod 600 it, or make a new one."
            )
        }
        guard let bytes = try? Data(contentsOf: URL(filePath: path)) else { throw error("cannot be read") }
        do {
            return try SigningKey(pem: String(decoding: bytes, as: UTF8.self))
        } catch {
            throw SettingError("The signing key \(path) is of no use: \(error.message)")
        }
    }

    /// The key, which is made where there is none; of two that start at once, both get the same.
    func readOrMake() throws -> SigningKey {
        if let key = try read() { return key }
        try PrivateFolder.make(around: path)
        let key = SigningKey()
        let written = try write(key)
        defer { unlink(written) }
        if link(written, path) == 0 { return key }
        guard errno == EEXIST, let other = try read() else { throw error("cannot be made") }
        return other
    }

    /// Puts another key in the place of the one there.
    func replace(with key: SigningKey) throws {
        let written = try write(key)
        guard rename(written, path) == 0 else {
            unlink(written)
            throw error("cannot be replaced")
        }
    }

    /// Writes a key beside its place, down to the disk.
    private func write(_ key: SigningKey) throws -> String {
        let written = "\(path).\(getpid()).new"
        unlink(written)
        let file = Glibc.open(written, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw error("cannot be made") }
        defer { close(file) }
        let bytes = Array(key.pem.utf8)
        guard Glibc.write(file, bytes, bytes.count) == bytes.count, fsync(file) == 0 else {
            throw error("cannot be written")
        }
        return written
    }

    private func error(_ words: String) -> SettingError {
        SettingError("The signing key \(path) \(words): \(String(cString: strerror(errno))).")
    }
}
