package import Core
import Crypto

/// A public key as OpenSSH writes it: a type and bytes.
package struct SSHPublicKey: Sendable, Hashable {
    /// `ssh-ed25519 AAAA…`, without a comment.
    package let text: String
    /// What `ssh-keygen -l` shows: `SHA256:…`.
    package let fingerprint: String

    /// Keys that can be guessed or are of a broken kind (DSA, short RSA) are none.
    private static let types = [
        "ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "ssh-rsa",
        "sk-ssh-ed25519@openssh.com", "sk-ecdsa-sha2-nistp256@openssh.com",
    ]
    private static let limitBytes = 16_384
    private static let leastRSABytes = 256

    /// - Parameter line: A line of `authorized_keys` without options: type, key, and perhaps a comment.
    /// - Throws: `Failure.invalid` for what is no key that may be used.
    package init(_ line: String) throws(Failure) {
        let words = line.split(whereSeparator: \.isWhitespace)
        guard words.count >= 2, Self.types.contains(String(words[0])), words[1].utf8.count <= Self.limitBytes,
            let bytes = Base64.decode(String(words[1])), let fields = Self.fields(of: bytes),
            fields.count >= 2, fields[0] == Array(words[0].utf8)
        else {
            throw .invalid(
                "This is no public SSH key: paste the line of a file such as id_ed25519.pub (\(Self.types[0]), ecdsa or rsa)."
            )
        }
        if words[0] == "ssh-rsa", fields.count < 3 || fields[2].count < Self.leastRSABytes {
            throw .invalid("An RSA key needs 2048 bits: make another, such as with ssh-keygen -t ed25519.")
        }
        text = "\(words[0]) \(words[1])"
        fingerprint = "SHA256:" + Base64.encode(Array(SHA256.hash(data: bytes))).filter { $0 != "=" }
    }

    /// The fields of a key, each of which has its length in four bytes before it; nil where they do not end with it.
    private static func fields(of bytes: [UInt8]) -> [[UInt8]]? {
        var rest = bytes[...]
        var fields: [[UInt8]] = []
        while !rest.isEmpty {
            guard rest.count >= 4 else { return nil }
            let length = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
            rest = rest.dropFirst(4)
            guard rest.count >= length else { return nil }
            fields.append(Array(rest.prefix(length)))
            rest = rest.dropFirst(length)
        }
        return fields
    }
}
