package import Core
internal import Crypto

/// A key that signs: Ed25519.
package struct SigningKey: Sendable {
    private let key: Curve25519.Signing.PrivateKey

    /// The header that PKCS #8 has for Ed25519 (RFC 8410); the 32 bytes of the key follow.
    private static let header: [UInt8] = [
        0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
    ]
    private static let label = "PRIVATE KEY"

    /// A new one.
    package init() {
        key = Curve25519.Signing.PrivateKey()
    }

    /// Reads what `pem` gives, and what `openssl genpkey -algorithm ed25519` writes.
    ///
    /// - Parameter pem: The text of the file.
    /// - Throws: `Failure.invalid` for anything else.
    package init(pem: String) throws(Failure) {
        guard let bytes = PEM.decode(pem, Self.label), bytes.starts(with: Self.header),
            let key = try? Curve25519.Signing.PrivateKey(
                rawRepresentation: bytes.dropFirst(Self.header.count)
            )
        else { throw .invalid("It is no Ed25519 key in PEM (PKCS #8).") }
        self.key = key
    }

    /// Security: the secret itself, for a file that only its owner reads.
    package var pem: String { PEM.encode(Self.header + key.rawRepresentation, Self.label) }

    package var publicKey: VerifyingKey { VerifyingKey(key.publicKey) }

    func sign(_ bytes: [UInt8]) throws -> [UInt8] { Array(try key.signature(for: bytes)) }
}

/// The public half of a key that signs or once did.
package struct VerifyingKey: Sendable, Hashable {
    /// 32 bytes.
    let bytes: [UInt8]

    /// The header that SubjectPublicKeyInfo has for Ed25519 (RFC 8410).
    private static let header: [UInt8] = [
        0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00,
    ]

    fileprivate init(_ key: Curve25519.Signing.PublicKey) { bytes = Array(key.rawRepresentation) }

    init(bytes: [UInt8]) { self.bytes = bytes }

    /// The SHA-256 of the key in DER, in hexadecimal: `openssl pkey -pubin -outform DER | sha256sum` gives the same.
    package var id: String { Hexadecimal.text(SHA256.hash(data: Self.header + bytes)) }

    /// SubjectPublicKeyInfo in PEM.
    package var pem: String { PEM.encode(Self.header + bytes, "PUBLIC KEY") }

    func isSignature(_ signature: [UInt8], of message: [UInt8]) -> Bool {
        guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: bytes) else { return false }
        return key.isValidSignature(signature, for: message)
    }
}

/// Bytes in text between two lines that say what they are (RFC 7468).
private enum PEM {
    private static let lineLength = 64

    static func encode(_ bytes: [UInt8], _ label: String) -> String {
        var rest = Base64.encode(bytes)[...]
        var lines: [Substring] = []
        while !rest.isEmpty {
            lines.append(rest.prefix(lineLength))
            rest = rest.dropFirst(lineLength)
        }
        return "-----BEGIN \(label)-----\n" + lines.joined(separator: "\n") + "\n-----END \(label)-----\n"
    }

    static func decode(_ text: String, _ label: String) -> [UInt8]? {
        let lines = text.split(whereSeparator: \.isNewline)
        guard lines.first == "-----BEGIN \(label)-----", lines.last == "-----END \(label)-----" else {
            return nil
        }
        return Base64.decode(lines.dropFirst().dropLast().joined())
    }
}

enum Hexadecimal {
    /// Two lower-case digits for each byte.
    static func text(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] },
            as: UTF8.self
        )
    }

    /// Nil for what is no such text.
    static func bytes(_ text: String) -> [UInt8]? {
        guard text.utf8.count % 2 == 0 else { return nil }
        let digits = text.utf8.map { digit -> UInt8? in
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
            default: nil
            }
        }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = digits[index], let low = digits[index + 1] else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }
}
