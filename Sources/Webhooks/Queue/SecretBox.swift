internal import Crypto
import Core

/// Keeps secrets, such as those of webhooks, unreadable in the database: AES-256-GCM under a key that lies elsewhere.
///
/// There may be older keys besides, while secrets are sealed anew under the first.
package struct SecretBox: Sendable {
    package static let keyLengthBytes = 32

    private let keys: @Sendable () throws -> [[UInt8]]

    /// - Parameter keys: Tells the keys, of 32 bytes each, the one that seals first. It is asked each time, since a command
    ///   may have put another key in the place of the one before.
    package init(keys: @escaping @Sendable () throws -> [[UInt8]]) {
        self.keys = keys
    }

    /// The same box with the keys of this moment, whatever is put in their place.
    func fixed() throws -> SecretBox {
        let keys = try keys()
        return SecretBox { keys }
    }

    /// A box whose secrets nobody can read once it is gone.
    package static var temporary: SecretBox {
        let key = newKey()
        return SecretBox { [key] }
    }

    package static func newKey() -> [UInt8] {
        SymmetricKey(size: .bits256).withUnsafeBytes { [UInt8]($0) }
    }

    /// - Parameters:
    ///   - secret: The secret.
    ///   - owner: Whose it is, without whose name it cannot be opened.
    /// - Returns: Nonce, ciphertext and tag.
    /// - Throws: What telling the keys throws.
    package func seal(_ secret: String, of owner: String) throws -> [UInt8] {
        guard let key = try keys().first.map(SymmetricKey.init) else {
            preconditionFailure("there is no key")
        }
        let box = try AES.GCM.seal(Array(secret.utf8), using: key, authenticating: Array(owner.utf8))
        guard let combined = box.combined else { preconditionFailure("a standard nonce makes one piece") }
        return [UInt8](combined)
    }

    /// - Throws: `Failure` where it was sealed under another key; what telling the keys throws.
    package func open(_ sealed: [UInt8], of owner: String) throws -> String {
        var reason: (any Error)?
        for key in try keys() {
            do {
                let box = try AES.GCM.SealedBox(combined: sealed)
                let bytes = try AES.GCM.open(
                    box,
                    using: SymmetricKey(data: key),
                    authenticating: Array(owner.utf8)
                )
                return String(decoding: bytes, as: UTF8.self)
            } catch {
                reason = error
            }
        }
        throw Failure(
            .invalidState,
            "The secret of the webhook cannot be read: it was stored under another key (webhook-secrets.key in "
                + "the data folder). Set it again, or use the key with which it was stored.",
            cause: reason
        )
    }
}
