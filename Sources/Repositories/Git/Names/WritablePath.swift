package import Core

/// A path that a caller may write a file to: one that every system can check out, and none that is git's own.
package struct WritablePath: Sendable, Hashable {
    package let path: TreePath

    /// - Throws: `Failure.invalid` for the root; for what is no UTF-8; for a component with a control character or a
    ///   backslash; and for one that a file system may take for `.git`.
    package init(_ path: TreePath) throws(Failure) {
        guard !path.isRoot, path.components.allSatisfy(PathRules.isWritable) else {
            throw .invalid("Invalid path: '\(path)'")
        }
        self.path = path
    }

    /// - Throws: As above.
    package init(_ text: some StringProtocol) throws(Failure) {
        try self.init(TreePath(text))
    }
}

/// What a component of a path may be when it comes by another way than a push.
///
/// - Source: git, `path.c`: `is_ntfs_dotgit`; `utf8.c`: `is_hfs_dotgit`.
enum PathRules {
    static let longestNameBytes = 255

    static func isWritable(_ name: [UInt8]) -> Bool {
        guard name.count <= longestNameBytes, let text = String(validating: name, as: UTF8.self) else {
            return false
        }
        guard !name.contains(where: { $0 < 0x20 || $0 == 0x7F || $0 == UInt8(ascii: "\\") }) else {
            return false
        }
        // Security: a checkout of `.git` or of what a file system takes for it would give hooks to whoever clones.
        return !isGitFolder(text)
    }

    /// As HFS+ and NTFS would read the name: without characters that they ignore, in any case, up to a stream.
    private static func isGitFolder(_ text: String) -> Bool {
        let visible = text.unicodeScalars.filter { !ignoredByHFS($0.value) }
        let folded = String(String.UnicodeScalarView(visible)).lowercased()
        let beforeStream = folded.prefix { $0 != ":" }
        let name = beforeStream.trimmingEnd { $0 == "." || $0 == " " }
        return name == ".git" || name == "git~1"
    }

    private static func ignoredByHFS(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x200C...0x200F, 0x202A...0x202E, 0x206A...0x206F, 0xFEFF: true
        default: false
        }
    }
}

extension StringProtocol {
    fileprivate func trimmingEnd(_ isTrimmed: (Character) -> Bool) -> SubSequence {
        var end = endIndex
        while end > startIndex, isTrimmed(self[index(before: end)]) { end = index(before: end) }
        return self[..<end]
    }
}
