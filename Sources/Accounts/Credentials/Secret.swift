import Core
internal import Crypto

/// Something only its holder knows; what is kept of it is its hash.
package struct Secret: Sendable {
    /// What a secret opens, told by how it begins, so that programs that look for lost secrets find it.
    enum Kind: String, CaseIterable {
        case token = "roost_"
        case session = "session_"
        case link = "link_"
        case round = "round_"
        case code = "code_"
        case pass = "pass_"
    }

    /// Shown once, and sent by whoever holds it.
    package let text: String

    /// A new one, of 32 random bytes.
    init(_ kind: Kind) {
        let bytes = SymmetricKey(size: .bits256).withUnsafeBytes { [UInt8]($0) }
        text = kind.rawValue + bytes.hexadecimal
    }

    /// One that was sent; nil for a text that was never one of ours.
    init?(_ text: String, _ kind: Kind) {
        let digits = text.utf8.dropFirst(kind.rawValue.utf8.count)
        guard text.hasPrefix(kind.rawValue), digits.count == 64, digits.allSatisfy(\.isHexadecimal) else {
            return nil
        }
        self.text = text
    }

    /// Whether a text is a token by its look.
    package static func isToken(_ text: String) -> Bool { text.hasPrefix(Kind.token.rawValue) }

    /// A text with `link_…` in place of a link, and so on; nil for one that holds no secret.
    package static func hidden(in text: String) -> String? {
        for kind in Kind.allCases {
            for range in text.ranges(of: kind.rawValue) {
                // One that was cut off, or runs into other signs, is hidden as well.
                let digits = text[range.upperBound...].utf8.prefix { $0.isHexadecimal }
                if digits.count >= 32 { return "\(text[..<range.upperBound])…" }
            }
        }
        return nil
    }

    /// What the database keeps: SHA-256, which is enough for what nobody can guess.
    var hash: [UInt8] { Self.hash(of: text) }

    static func hash(of text: String) -> [UInt8] { Array(SHA256.hash(data: Array(text.utf8))) }

    /// The last characters, by which its owner knows it again.
    var hint: String { String(text.suffix(4)) }
}

extension [UInt8] {
    var hexadecimal: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}

extension UInt8 {
    fileprivate var isHexadecimal: Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self)
            || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(self)
    }
}
