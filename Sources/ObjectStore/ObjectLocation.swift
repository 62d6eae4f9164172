/// Where the bytes of one upload lie: the hash of the content, and a number that no other upload has.
///
/// The number is why freeing is safe without a lock between processes: bytes that garbage collection decided to free
/// can never be the ones that an upload of the same content, a moment later, is about to be known by.
package struct ObjectLocation: Sendable, Hashable {
    package let hash: ContentHash
    package let nonce: Int64

    package init(hash: ContentHash, nonce: Int64) {
        self.hash = hash
        self.nonce = nonce
    }

    /// A place for the bytes of an upload that is about to be kept.
    static func new(_ hash: ContentHash) -> ObjectLocation {
        ObjectLocation(hash: hash, nonce: .random(in: .min ... .max))
    }

    /// Reads a name that `name` wrote; nil for anything else.
    package init?(name: String) {
        let parts = name.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let hash = ContentHash(hex: parts[0]),
            let bits = UInt64(parts[1], radix: 16), parts[1] == Substring(Self.digits(bits))
        else { return nil }
        self.init(hash: hash, nonce: Int64(bitPattern: bits))
    }

    /// A file name: 64 hexadecimal digits, a dash, 16 hexadecimal digits.
    package var name: String {
        "\(hash.hex)-\(Self.digits(UInt64(bitPattern: nonce)))"
    }

    /// The first byte of the hash in two digits; objects are kept in 256 folders by it.
    package var shard: String { String(name.prefix(2)) }

    private static func digits(_ bits: UInt64) -> String {
        let text = String(bits, radix: 16)
        return String(repeating: "0", count: 16 - text.count) + text
    }
}
