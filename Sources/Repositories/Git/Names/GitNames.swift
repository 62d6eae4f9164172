package import Core

/// The name of a branch, without `refs/heads/`; its initialiser is the validation.
package struct BranchName: Sendable, Hashable, Comparable, CustomStringConvertible {
    package let text: String

    /// - Throws: `Failure.invalid` if git would not take it as the name of a branch, or would take it for something else.
    package init(_ text: String) throws(Failure) {
        try RefNameRules.check(text, what: "name of a branch")
        if let reason = RefName.misreading(of: text, in: RefName.branches) {
            throw .invalid("Invalid name of a branch: '\(text)': \(reason)")
        }
        self.text = text
    }

    package var description: String { text }
    /// The full name of its ref.
    package var ref: String { "refs/heads/" + text }

    package static func < (first: BranchName, second: BranchName) -> Bool {
        first.text.utf8.lexicographicallyPrecedes(second.text.utf8)
    }
}

/// The name of a tag, without `refs/tags/`; its initialiser is the validation.
package struct TagName: Sendable, Hashable, Comparable, CustomStringConvertible {
    package let text: String

    /// - Throws: `Failure.invalid` if git would not take it as the name of a tag.
    package init(_ text: String) throws(Failure) {
        try RefNameRules.check(text, what: "name of a tag")
        self.text = text
    }

    package var description: String { text }
    /// The full name of its ref.
    package var ref: String { "refs/tags/" + text }

    package static func < (first: TagName, second: TagName) -> Bool {
        first.text.utf8.lexicographicallyPrecedes(second.text.utf8)
    }
}

/// What a caller names a commit by: a branch, a tag, a full or short id, `HEAD`, or a ref in full.
///
/// Nothing of git's grammar of revisions is understood: `main~3`, `@{yesterday}` and `:/text` are no names, and searching
/// for what they mean could cost whatever a caller likes.
package struct Revision: Sendable, Hashable, CustomStringConvertible {
    package let text: String

    /// - Throws: `Failure.invalid` if it can be none of these.
    package init(_ text: String) throws(Failure) {
        try RefNameRules.check(text, what: "revision")
        self.text = text
    }

    package init(_ branch: BranchName) { text = branch.ref }
    package init(_ tag: TagName) { text = tag.ref }
    package init(_ commit: ObjectID) { text = commit.description }

    package var description: String { text }
}

/// The rules of `git check-ref-format`, and two of ours: no hyphen at the start, and a length.
///
/// - Source: `git-check-ref-format(1)`.
enum RefNameRules {
    /// A file system takes names of 255 bytes, and git adds `.lock`.
    static let longestComponentBytes = 250
    static let longestBytes = 500

    static func check(_ text: String, what: String) throws(Failure) {
        guard isValid(Array(text.utf8)) else {
            throw .invalid("Invalid \(what): '\(text.prefix(100))'")
        }
    }

    private static func isValid(_ name: [UInt8]) -> Bool {
        guard !name.isEmpty, name.count <= longestBytes, name != [UInt8(ascii: "@")] else { return false }
        // Security: a name that begins with a hyphen could be taken for an option by whoever runs git.
        guard name[0] != UInt8(ascii: "-") else { return false }
        guard !name.contains(where: isForbidden), name.last != UInt8(ascii: ".") else { return false }
        guard !contains(name, ".", "."), !contains(name, "@", "{") else { return false }
        return name.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).allSatisfy {
            $0.first.map { $0 != UInt8(ascii: ".") } == true && !$0.hasSuffix(".lock")
                && $0.count <= longestComponentBytes
        }
    }

    private static func isForbidden(_ byte: UInt8) -> Bool {
        byte <= 0x20 || byte == 0x7F || "~^:?*[\\".utf8.contains(byte)
    }

    private static func contains(_ name: [UInt8], _ first: Unicode.Scalar, _ second: Unicode.Scalar) -> Bool {
        zip(name, name.dropFirst()).contains { $0 == UInt8(ascii: first) && $1 == UInt8(ascii: second) }
    }
}

extension Sequence<UInt8> where Self: BidirectionalCollection {
    func hasSuffix(_ suffix: String) -> Bool {
        self.suffix(suffix.utf8.count).elementsEqual(suffix.utf8)
    }
}
