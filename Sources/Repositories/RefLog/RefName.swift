import Core

/// Names of refs: which there may be, and what they are called elsewhere.
package enum RefName {
    package static let branches = "refs/heads/"
    package static let tags = "refs/tags/"
    package static let notes = "refs/notes/"
    /// Where clients may have refs.
    static let folders = [branches, tags, notes]
    static let limitBytes = 255

    /// What `git` hides from pushes: every ref that lies in none of the folders.
    ///
    /// Of several patterns the last holds.
    static let hiddenFromPushes = ["refs"] + folders.map { "!\($0.dropLast())" }

    /// Whether `git receive-pack` refuses a ref by itself, and not the push in which it comes.
    ///
    /// A mirror of a repository elsewhere has such: `refs/pull/1/head`, `refs/merge-requests/1/head`, `refs/remotes/origin/x`.
    static func isHiddenFromPushes(_ name: String) -> Bool {
        // A folder is not hidden itself, and is no name of a ref.
        name.hasPrefix("refs/") && !folders.contains { name.hasPrefix($0) || name == $0.dropLast() }
    }

    /// Why a client may not have a ref of this name; nil where it may.
    ///
    /// `git check-ref-format` holds beside it: the program looks at names by itself.
    static func refusal(of name: String) -> String? {
        guard let folder = folders.first(where: { name.hasPrefix($0) }) else {
            return "only branches (\(branches)), tags (\(tags)) and notes (\(notes)) can be pushed"
        }
        let short = name.dropFirst(folder.count)
        if short.utf8.count + folder.utf8.count > limitBytes {
            return "its name is longer than \(limitBytes) bytes"
        }
        // Security: such a name could be taken for an option by a program that is given it (Gogs, 2026).
        if short.split(separator: "/").contains(where: { $0.hasPrefix("-") }) {
            return "no part of a name may begin with '-'"
        }
        if [40, 64].contains(short.utf8.count), short.utf8.allSatisfy(\.isHexadecimal) {
            return "its name could be taken for that of an object"
        }
        // Security: two spellings of one text are two names for Git and one here, where texts are compared as they read.
        if !name.utf8.elementsEqual(name.composed.utf8) {
            return "its accents must be written as one character with their letter (Unicode NFC)"
        }
        return misreading(of: short, in: folder)
    }

    /// Why a name would be taken for something else, by Git or here, whichever way it comes; nil where it would not.
    ///
    /// - Parameters:
    ///   - short: The name without its folder.
    ///   - folder: One of the folders.
    /// - Returns: The reason.
    static func misreading(of short: some StringProtocol, in folder: String) -> String? {
        if short == "HEAD" { return "HEAD is no name for it" }
        if folder == notes { return nil }
        if short == "@" { return "Git takes '@' for HEAD" }
        if short.hasPrefix("refs/") { return "it could be taken for the whole name of another ref" }
        // A clone has `origin/HEAD` beside the branches, and no file can be a folder too: nobody could clone any more.
        if folder == branches, short.hasPrefix("HEAD/") {
            return "a clone has no place for it beside its own HEAD"
        }
        return nil
    }

    /// What events call it: `branch/main`, `tag/v1`, `notes/commits`.
    static func subject(of name: String) -> String {
        for (folder, word) in [(branches, "branch/"), (tags, "tag/"), (notes, "notes/")]
        where name.hasPrefix(folder) {
            return word + name.dropFirst(folder.count)
        }
        return name
    }
}

extension UInt8 {
    fileprivate var isHexadecimal: Bool {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"): true
        default: false
        }
    }
}
