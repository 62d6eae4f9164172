package import Core

/// Which branches or tags a rule is for: a name in which `*` stands for anything but a slash, and `**` for anything.
package struct RefPattern: Sendable, Hashable {
    package static let limitBytes = 200

    /// Without `refs/heads/` or `refs/tags/`.
    package let text: String

    /// - Throws: `Failure.invalid` for a pattern that can fit no name.
    package init(_ text: String) throws(Failure) {
        guard !text.isEmpty, text.utf8.count <= Self.limitBytes, !text.hasPrefix("/"), !text.hasSuffix("/"),
            !text.contains("//"), text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }),
            !text.contains(where: { "~^:?[\\".contains($0) })
        else {
            throw .invalid(
                "'\(text)' is no pattern: use the name of a branch or a tag, with * for anything but a slash and ** for anything."
            )
        }
        self.text = text
    }

    /// Whether it fits a name; takes time in proportion to both lengths, whatever stands in them.
    package func fits(_ name: some StringProtocol) -> Bool {
        let name = Array(name.utf8)
        // reached[i]: what has been read of the pattern fits the first i bytes.
        var reached = [Bool](repeating: false, count: name.count + 1)
        reached[0] = true
        for token in tokens {
            switch token {
            case .byte(let byte):
                for index in stride(from: name.count, to: 0, by: -1) {
                    reached[index] = reached[index - 1] && name[index - 1] == byte
                }
                reached[0] = false
            case .some(let crossesSlashes):
                for index in 0..<name.count where reached[index] {
                    if crossesSlashes || name[index] != UInt8(ascii: "/") { reached[index + 1] = true }
                }
            }
        }
        return reached[name.count]
    }

    private enum Token {
        case byte(UInt8)
        case some(crossesSlashes: Bool)
    }

    private var tokens: [Token] {
        var tokens: [Token] = []
        var stars = 0
        for byte in text.utf8 {
            if byte == UInt8(ascii: "*") {
                stars += 1
                continue
            }
            if stars > 0 { tokens.append(.some(crossesSlashes: stars > 1)) }
            stars = 0
            tokens.append(.byte(byte))
        }
        if stars > 0 { tokens.append(.some(crossesSlashes: stars > 1)) }
        return tokens
    }
}
