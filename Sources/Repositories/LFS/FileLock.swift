package import Core

/// A file that somebody works on and asks the others to leave alone, on every branch.
package struct FileLock: Sendable, Hashable {
    package let id: String
    package let path: LockPath
    /// What the owner was called when the file was locked.
    package let owner: String
    package let lockedMs: Int64
    let account: AccountID?

    /// Whether it is the caller's own.
    package func isHeld(by caller: Caller) -> Bool {
        account == caller.account && (account != nil || owner == caller.name)
    }
}

/// The path of a file in a repository, as `git` writes it; text that is compared, and nothing that is opened.
package struct LockPath: Sendable, Hashable {
    package let text: String

    package static let limitBytes = 2_048

    /// - Throws: `Failure.invalid` where no file can be called so.
    package init(_ text: String) throws {
        let isPath = !text.hasPrefix("/") && !text.hasSuffix("/") && (try? TreePath(text))?.isRoot == false
        guard isPath || text.utf8.count > TreePath.mostBytes else {
            throw Failure.invalid("A lock needs the path of a file in the repository.")
        }
        guard text.utf8.count <= Self.limitBytes else {
            throw Failure.invalid("The path of a lock may have \(Self.limitBytes) bytes.")
        }
        self.text = text
    }

    /// A path that was locked once; what was taken for one before is still unlocked.
    init(kept text: String) { self.text = text }
}
