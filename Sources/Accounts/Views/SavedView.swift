package import Core

/// How somebody looks at a page, kept by a name: the words of its address.
package struct SavedView: Sendable, Hashable {
    package let id: Int64
    package let name: String
    /// What stands behind the `?` of the address.
    package let query: String
    /// Whether everybody of the workspace has it, and not only who saved it.
    package let isShared: Bool
    /// Whether the page begins with it.
    package let isDefault: Bool
}

/// What a view is made of; its initialiser is the validation.
package struct NewSavedView: Sendable {
    package static let longestName = 100
    /// Enough for a comparison of as many runs as can be compared.
    package static let longestQueryBytes = 24_000

    let name: String
    let query: String

    /// - Throws: `Failure.invalid` for a name that is empty or too long, and for a query that is too long.
    package init(name: String, query: String) throws(Failure) {
        let trimmed = name.trimmingPrefix { $0.isWhitespace }
        guard let last = trimmed.lastIndex(where: { !$0.isWhitespace }) else {
            throw .invalid("A view needs a name.")
        }
        self.name = String(trimmed[...last])
        guard self.name.unicodeScalars.count <= Self.longestName else {
            throw .invalid("The name of a view has at most \(Self.longestName) characters.")
        }
        guard !self.name.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
            throw .invalid("The name of a view has no line breaks or other control characters.")
        }
        guard query.utf8.count <= Self.longestQueryBytes else {
            throw .invalid("A view is kept with at most \(Self.longestQueryBytes) bytes of its address.")
        }
        // Security: it becomes part of an address that browsers are sent to.
        guard query.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "#") }) else {
            throw .invalid("The query of a view is percent-encoded.")
        }
        // Security: nor may it carry somebody's token to who opens it.
        guard !query.split(separator: "&").contains(where: { $0.prefix { $0 != "=" } == "token" }) else {
            throw .invalid("A view holds no token.")
        }
        self.query = query
    }
}

/// Which page a view is of, such as `experiments/3`.
package struct ViewKind: Sendable, Hashable {
    let text: String

    /// - Throws: `Failure.invalid` for anything but small letters, digits, `-` and `/`.
    package init(_ text: String) throws(Failure) {
        let isSound = text.utf8.allSatisfy {
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "/")
        }
        guard isSound, (1...60).contains(text.utf8.count) else {
            throw .invalid("'kind' names a page, such as experiments/3.")
        }
        self.text = text
    }
}
