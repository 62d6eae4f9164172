package import Core
import Crypto

/// A public key of SSH, read strictly: what OpenSSH would not read the same way is none.
///
/// - Source: RFC 4253, 6.6; RFC 5656, 3.1; RFC 8709, 4; OpenSSH, `PROTOCOL.u2f`.
package struct SSHPublicKey: Sendable, Hashable {
    package static let textLimit = 16_384
    package static let leastRSABits = 2_048
    package static let mostRSABits = 16_384

    /// `ssh-ed25519`.
    package let type: String
    /// Type and key as they stand in `authorized_keys`, without the comment.
    package let text: String
    /// What stood behind the key.
    package let comment: String
    /// `SHA256:…` as `ssh-keygen -l` shows it.
    package let fingerprint: String

    /// - Parameter text: One line of a `.pub` file.
    /// - Throws: `Failure.invalid` that says what is wrong.
    package init(_ text: String) throws(Failure) {
        // Security: the line goes into what OpenSSH reads as its `authorized_keys`: nothing may stand before the type, where
        // options would be, and no second line may follow.
        let line = text.trimmed
        guard line.utf8.count <= Self.textLimit, line.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            throw .invalid(
                "A public key is one line of at most \(Self.textLimit) characters, as in a '.pub' file."
            )
        }
        let words = line.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: true)
        guard words.count >= 2 else { throw Self.unreadable }
        guard let kind = Kind(rawValue: String(words[0])) else {
            throw .invalid(
                "Keys of the type '\(NameGrammar.shown(String(words[0])))' are not taken: it must be one of "
                    + Kind.allCases.map(\.rawValue).joined(separator: ", ") + "."
            )
        }
        guard let blob = Base64.decode(String(words[1])), Base64.encode(blob) == words[1] else {
            throw Self.unreadable
        }
        try kind.check(blob)
        type = kind.rawValue
        self.text = "\(kind.rawValue) \(words[1])"
        comment = words.count > 2 ? String(words[2].drop { $0 == " " }) : ""
        let digest = Base64.encode(Array(SHA256.hash(data: blob)))
        fingerprint = "SHA256:" + digest.prefix { $0 != "=" }
    }

    fileprivate static let unreadable = Failure.invalid(
        "This is no public key: paste the line of a '.pub' file, such as 'ssh-ed25519 AAAA… name'."
    )

    private enum Kind: String, CaseIterable {
        case ed25519 = "ssh-ed25519"
        case p256 = "ecdsa-sha2-nistp256"
        case p384 = "ecdsa-sha2-nistp384"
        case p521 = "ecdsa-sha2-nistp521"
        case rsa = "ssh-rsa"
        /// In a security key that is asked by touch.
        case secureEd25519 = "sk-ssh-ed25519@openssh.com"
        case secureP256 = "sk-ecdsa-sha2-nistp256@openssh.com"

        func check(_ blob: [UInt8]) throws(Failure) {
            var wire = Wire(blob)
            guard try wire.string().elementsEqual(rawValue.utf8) else { throw SSHPublicKey.unreadable }
            switch self {
            case .ed25519:
                guard try wire.string().count == 32 else { throw SSHPublicKey.unreadable }
            case .p256: try wire.checkPoint(of: "nistp256", bytes: 32)
            case .p384: try wire.checkPoint(of: "nistp384", bytes: 48)
            case .p521: try wire.checkPoint(of: "nistp521", bytes: 66)
            case .rsa: try wire.checkRSA()
            case .secureEd25519:
                guard try wire.string().count == 32, try !wire.string().isEmpty else {
                    throw SSHPublicKey.unreadable
                }
            case .secureP256:
                try wire.checkPoint(of: "nistp256", bytes: 32)
                guard try !wire.string().isEmpty else { throw SSHPublicKey.unreadable }
            }
            guard wire.isAtEnd else { throw SSHPublicKey.unreadable }
        }
    }
}

/// The bytes of a key, string by string.
private struct Wire {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func string() throws(Failure) -> ArraySlice<UInt8> {
        guard rest.count >= 4 else { throw SSHPublicKey.unreadable }
        let length = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
        rest = rest.dropFirst(4)
        guard length <= rest.count else { throw SSHPublicKey.unreadable }
        defer { rest = rest.dropFirst(length) }
        return rest.prefix(length)
    }

    mutating func checkPoint(of curve: String, bytes: Int) throws(Failure) {
        guard try string().elementsEqual(curve.utf8) else { throw SSHPublicKey.unreadable }
        let point = try string()
        guard point.count == 2 * bytes + 1, point.first == 4 else { throw SSHPublicKey.unreadable }
    }

    mutating func checkRSA() throws(Failure) {
        let exponent = try number()
        let modulus = try number()
        guard let low = exponent.last, low & 1 == 1, exponent.count > 1 || low > 1, exponent.count <= 8,
            let odd = modulus.last, odd & 1 == 1, let high = modulus.first
        else { throw SSHPublicKey.unreadable }
        let bits = modulus.count * 8 - high.leadingZeroBitCount
        guard (SSHPublicKey.leastRSABits...SSHPublicKey.mostRSABits).contains(bits) else {
            throw .invalid(
                "An RSA key must have \(SSHPublicKey.leastRSABits) to \(SSHPublicKey.mostRSABits) bits; this has \(bits)."
            )
        }
    }

    /// A positive number without needless zeros before it.
    private mutating func number() throws(Failure) -> ArraySlice<UInt8> {
        let bytes = try string()
        guard let first = bytes.first, first < 0x80 else { throw SSHPublicKey.unreadable }
        guard first == 0 else { return bytes }
        guard let second = bytes.dropFirst().first, second >= 0x80 else { throw SSHPublicKey.unreadable }
        return bytes.dropFirst()
    }
}

extension String {
    /// Without spaces and line ends around it.
    fileprivate var trimmed: String {
        let start = drop { $0.isWhitespace }
        guard let end = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(start[...end])
    }
}
