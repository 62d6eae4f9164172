/// A commit.
package struct Commit: Sendable, Hashable {
    package let id: ObjectID
    package let tree: ObjectID
    /// None for the first of a history, several for a merge.
    package let parents: [ObjectID]
    package let author: Signature
    package let committer: Signature
    /// The whole message, as it was written.
    package let message: String
    /// Whether it carries a signature; nobody has checked it.
    package let isSigned: Bool

    /// The first paragraph of the message on one line, as git shows it.
    package var summary: String { Commit.summary(of: message) }

    static func summary(of message: String) -> String {
        message.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
            .drop { $0.allSatisfy(\.isWhitespace) }
            .prefix { !$0.allSatisfy(\.isWhitespace) }
            .joined(separator: " ")
    }
}

/// Who made something in Git, and when.
package struct Signature: Sendable, Hashable {
    package let name: String
    package let email: String
    /// In epoch seconds, as Git knows it.
    package let seconds: Int64
    /// How far their clock was ahead of UTC.
    package let offsetMinutes: Int

    /// - Parameters:
    ///   - name: Without angle brackets and line breaks, which Git cannot hold; they are left out.
    ///   - email: Likewise.
    ///   - seconds: Epoch seconds.
    ///   - offsetMinutes: How far their clock is ahead of UTC.
    package init(name: String, email: String, seconds: Int64, offsetMinutes: Int = 0) {
        let name = Self.clean(name)
        self.name = name.isEmpty ? "unknown" : name
        self.email = Self.clean(email)
        self.seconds = seconds
        self.offsetMinutes = offsetMinutes
    }

    /// One that lies in a repository, however it is spelled.
    init(stored name: String, email: String, seconds: Int64, offsetMinutes: Int) {
        self.name = name
        self.email = email
        self.seconds = seconds
        self.offsetMinutes = offsetMinutes
    }

    /// What git leaves out too: controls, angle brackets, and dots and quotes at the ends.
    private static func clean(_ text: String) -> String {
        let kept = text.unicodeScalars.filter {
            $0.value >= 0x20 && $0 != "<" && $0 != ">" && $0.value != 0x7F
        }
        let crud = Set(" .,:;\"\\'".unicodeScalars)
        let start = kept.drop { crud.contains($0) }
        let end = start.reversed().drop { crud.contains($0) }.reversed()
        var result = String.UnicodeScalarView()
        result.append(contentsOf: end)
        return String(result)
    }
}
