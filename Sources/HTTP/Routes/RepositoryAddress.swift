/// The beginning of a path that names a repository and which of its services is meant: `/ann/iris.git/info/refs`.
package struct RepositoryAddress {
    package let owner: String
    package let name: String
    /// Which service: `.git`.
    package let ending: String
    /// What follows: `/info/refs`.
    package let rest: Substring

    private static let endings = [".mlflow", ".git", ".dvc", ".s3"]

    /// Nil for a path that begins otherwise; a name that is written in percents is none here, since names have no character
    /// that needs it.
    ///
    /// - Parameters:
    ///   - path: A path as it was sent.
    ///   - prefix: What stands before every address.
    package init?(_ path: String, prefix: String) {
        guard path.hasPrefix(prefix + "/") else { return nil }
        let inner = path.dropFirst(prefix.count + 1)
        guard let slash = inner.firstIndex(of: "/"), slash != inner.startIndex else { return nil }
        let tail = inner[inner.index(after: slash)...]
        let segment = tail.prefix { $0 != "/" }
        guard let ending = Self.endings.first(where: { segment.hasSuffix($0) && segment.count > $0.count })
        else {
            return nil
        }
        owner = String(inner[..<slash])
        name = String(segment.dropLast(ending.count))
        self.ending = ending
        rest = tail[segment.endIndex...]
    }
}
