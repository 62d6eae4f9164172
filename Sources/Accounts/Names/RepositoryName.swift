package import Core

/// The name of a repository: the second segment of its addresses.
package struct RepositoryName: Sendable, Hashable {
    package static let limit = 100

    package let text: String
    /// In small letters, in which names are unique among those of an owner.
    package let key: String

    /// - Throws: `Failure.invalid` that says what a name may be.
    package init(_ text: String) throws(Failure) {
        guard NameGrammar.matches(text, limit: Self.limit) else {
            throw .invalid(
                "'\(NameGrammar.shown(text))' cannot be the name of a repository: it must have 1 to \(Self.limit) letters, digits, "
                    + "'-', '_' or '.', begin with a letter or a digit, and not end with '.', '.git', '.mlflow', '.dvc', '.s3', "
                    + "'.wiki' or '.lock'."
            )
        }
        self.text = text
        key = text.lowercased()
    }
}

/// What names of accounts and repositories have in common.
enum NameGrammar {
    /// The ends by which an address says which of a repository's services is meant, and one that Git has for itself.
    private static let ends = [".git", ".mlflow", ".dvc", ".s3", ".wiki", ".lock", "."]

    static func matches(_ text: String, limit: Int) -> Bool {
        guard let first = text.utf8.first, isLetterOrDigit(first), text.utf8.count <= limit else {
            return false
        }
        guard text.utf8.allSatisfy({ isLetterOrDigit($0) || "-_.".utf8.contains($0) }) else { return false }
        let small = text.lowercased()
        return !small.contains("..") && !ends.contains { small.hasSuffix($0) }
    }

    /// A refused name as a message may show it.
    static func shown(_ text: String) -> String {
        text.count > 100 ? text.prefix(100) + "…" : text
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }
}
