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
        guard let status = FileStatus(ofFile: path) else {
            if errno == ENOENT { return nil }
            throw error("cannot be read")
        }
        // Security: a key that others could read is no proof of who signed.
        guard status.isPrivate else {
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
        guard let draft = KeyDraft(Array(SigningKey().pem.utf8), for: path), draft.place() else {
            throw error("cannot be made")
        }
        // What is signed must be by the key that lies there, whoever made it.
        guard let key = try read() else { throw error("cannot be read") }
        return key
    }

    /// Puts another key in the place of the one there.
    func replace(with key: SigningKey) throws {
        guard let draft = KeyDraft(Array(key.pem.utf8), for: path), draft.replace() else {
            throw error("cannot be replaced")
        }
    }

    private func error(_ words: String) -> SettingError {
        SettingError("The signing key \(path) \(words): \(String(cString: strerror(errno))).")
    }
}
