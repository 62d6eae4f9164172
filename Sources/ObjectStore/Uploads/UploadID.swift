/// The name of an upload in parts: 32 hexadecimal digits that nobody can guess.
///
/// Security: clients send parts without saying who they are, so that to know the name is to have the right.
package struct UploadID: Sendable, Hashable {
    package let text: String

    /// A new name.
    static func random() -> UploadID {
        let halves = (0..<2).map { _ in String(UInt64.random(in: 0 ... .max), radix: 16) }
        return UploadID(
            trusted: halves.map { String(repeating: "0", count: 16 - $0.count) + $0 }.joined()
        )
    }

    /// Nil where the text is no such name.
    package init?(_ text: String) {
        guard text.utf8.count == 32,
            text.utf8.allSatisfy({ "0123456789abcdef".utf8.contains($0) })
        else { return nil }
        self.text = text
    }

    private init(trusted text: String) {
        self.text = text
    }
}

/// Where the bytes of a part go.
package enum PartPlace: Sendable, Hashable {
    /// To their place in the whole, so that joining has nothing to copy.
    case whole(offsetBytes: Int64)
    /// To a place of their own: the place in the whole is not known yet, or somebody may be writing there.
    case own(Int64)
}

/// A part that was received.
package struct StoredPart: Sendable, Hashable {
    package let hash: ContentHash
    package let sizeBytes: Int64
    package let place: PartPlace
}
