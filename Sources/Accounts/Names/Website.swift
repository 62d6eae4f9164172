package import Core

/// An address that somebody gives for others to follow; empty for none.
package struct Website: Sendable, Hashable {
    package static let limit = 1_000

    package let text: String

    /// - Throws: `Failure.invalid` for what is no web address.
    package init(_ text: String) throws(Failure) {
        // Security: a page makes a link of it, which must not be a program such as `javascript:`.
        let small = text.lowercased()
        let isWeb = text.isEmpty || small.hasPrefix("http://") || small.hasPrefix("https://")
        let isPlain = text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "\\") }
        guard isWeb, isPlain, text.utf8.count <= Self.limit else {
            throw .invalid(
                "'website' must be an address that begins with http:// or https://, of at most \(Self.limit) characters."
            )
        }
        self.text = text
    }
}

/// A text of one or more lines with a limit.
enum Words {
    /// - Throws: `Failure.invalid` for a text that is too long or has a character that no line has.
    static func checked(_ text: String, _ field: String, limit: Int) throws(Failure) -> String {
        guard text.count <= limit, text.utf8.count <= limit * 4 else {
            throw .invalid("'\(field)' has more than \(limit) characters.")
        }
        guard !text.utf8.contains(where: { $0 < 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }) else {
            throw .invalid("'\(field)' has characters that cannot be shown.")
        }
        return text
    }
}
