import Repositories

/// What a client asks for over SSH, about one repository.
struct SSHRequest: Sendable, Hashable {
    enum Service: Sendable, Hashable {
        /// One of Git's two conversations.
        case git(GitService)
        /// Where large files are sent and got, with a pass for it.
        case largeFiles(LargeFileDirection)
    }

    /// What `git lfs` calls what it is about to do.
    enum LargeFileDirection: String, Sendable, CaseIterable {
        case download, upload
    }

    let service: Service
    let owner: String
    let name: String

    /// - Parameter command: What the client wishes to be run, such as `git-upload-pack '/ann/iris.git'` or
    ///   `git-lfs-authenticate ann/iris.git upload`.
    ///
    /// Security: it is compared, never run. No shell sees it, and what is not of exactly this form is nothing (Gogs,
    /// CVE-2024-39930).
    init?(_ command: String) {
        guard let space = command.firstIndex(of: " ") else { return nil }
        var path = command[command.index(after: space)...]
        if let git = GitService(name: command[..<space]) {
            service = .git(git)
        } else if command[..<space] == "git-lfs-authenticate", let last = path.lastIndex(of: " "),
            let direction = LargeFileDirection(rawValue: String(path[path.index(after: last)...]))
        {
            service = .largeFiles(direction)
            path = path[..<last]
        } else {
            return nil
        }
        if path.hasPrefix("'"), path.hasSuffix("'"), path.count >= 2 { path = path.dropFirst().dropLast() }
        if path.hasPrefix("/") { path = path.dropFirst() }
        if path.hasSuffix("/") { path = path.dropLast() }
        if path.hasSuffix(".git") { path = path.dropLast(".git".count) }
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy(Self.isName) else { return nil }
        owner = String(parts[0])
        name = String(parts[1])
    }

    /// Letters, digits, and three signs, of which only the line below may begin a name.
    private static func isName(_ text: Substring) -> Bool {
        guard let first = text.utf8.first, first != UInt8(ascii: "-"), first != UInt8(ascii: ".") else {
            return false
        }
        return text.utf8.count <= 100
            && text.unicodeScalars.allSatisfy {
                $0.isASCII
                    && ($0.properties.isAlphabetic || $0.properties.numericType != nil
                        || "-_.".unicodeScalars.contains($0))
            }
    }
}
