internal import Crypto
import Core

/// Keeps secrets of webhooks unreadable in the database: AES-256-GCM under a key that lies elsewhere.
package struct SecretBox: Sendable {
    package static let keyLengthBytes = 32

    private let key: SymmetricKey

    /// - Parameter key: 32 bytes.
    package init(key: [UInt8]) {
        precondition(key.count == Self.keyLengthBytes, "the key has \(key.count) bytes")
        self.key = SymmetricKey(data: key)
    }

    /// A box whose secrets nobody can read once it is gone.
    package static var temporary: SecretBox { SecretBox(key: newKey()) }

    package static func newKey() -> [UInt8] {
        SymmetricKey(size: .bits256).withUnsafeBytes { [UInt8]($0) }
    }

    /// - Parameters:
    ///   - secret: The secret.
    ///   - owner: Whose it is, without whose name it cannot be opened.
    /// - Returns: Nonce, ciphertext and tag.
    /// - Throws: `CryptoKitError`, which does not happen.
    func seal(_ secret: String, of owner: String) throws -> [UInt8] {
        let box = try AES.GCM.seal(Array(secret.utf8), using: key, authenticating: Array(owner.utf8))
        guard let combined = box.combined else { preconditionFailure("a standard nonce makes one piece") }
        return [UInt8](combined)
    }

    /// - Throws: `Failure` where it was sealed under another key.
    func open(_ sealed: [UInt8], of owner: String) throws -> String {
        do {
            let box = try AES.GCM.SealedBox(combined: sealed)
            let bytes = try AES.GCM.open(box, using: key, authenticating: Array(owner.utf8))
            return String(decoding: bytes, as: UTF8.self)
        } catch {
            throw Failure(
                .invalidState,
                "The secret of the webhook cannot be read: it was stored under another key (webhook-secrets.key in "
                    + "the data folder). Set it again, or use the key with which it was stored.",
                cause: error
            )
        }
    }
}
