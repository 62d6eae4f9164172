import Repositories

/// What a client asks for over SSH: one of Git's two conversations, about one repository.
struct SSHRequest: Sendable, Hashable {
    let service: GitService
    let owner: String
    let name: String

    /// - Parameter command: What the client wishes to be run, such as `git-upload-pack '/ann/iris.git'`.
    ///
    /// Security: it is compared, never run. No shell sees it, and what is not of exactly this form is nothing (Gogs,
    /// CVE-2024-39930).
    init?(_ command: String) {
        guard let space = command.firstIndex(of: " "), let service = GitService(name: command[..<space])
        else {
            return nil
        }
        var path = command[command.index(after: space)...]
        if path.hasPrefix("'"), path.hasSuffix("'"), path.count >= 2 { path = path.dropFirst().dropLast() }
        if path.hasPrefix("/") { path = path.dropFirst() }
        if path.hasSuffix("/") { path = path.dropLast() }
        if path.hasSuffix(".git") { path = path.dropLast(".git".count) }
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy(Self.isName) else { return nil }
        self.service = service
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
