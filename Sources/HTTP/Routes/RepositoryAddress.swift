/// The beginning of a path that names a repository and which of its services is meant: `/ann/iris.git/info/refs`.
package struct RepositoryAddress {
    package let owner: String
    package let name: String
    /// Which service: `.git`.
    package let ending: String
    /// What follows: `/info/refs`.
    package let rest: Substring

    private static let slash = UInt8(ascii: "/")
    private static let endings = [".mlflow", ".git", ".dvc", ".s3"]

    /// Nil for a path that begins otherwise; a name that is written in percents is none here, since names have no character
    /// that needs it.
    ///
    /// - Parameters:
    ///   - path: A path as it was sent.
    ///   - prefix: What stands before every address.
    package init?(_ path: String, prefix: String) {
        // Byte by byte, since every request passes here.
        let bytes = path.utf8
        guard bytes.starts(with: prefix.utf8), bytes.dropFirst(prefix.utf8.count).first == Self.slash else {
            return nil
        }
        let inner = bytes.dropFirst(prefix.utf8.count + 1)
        guard let slash = inner.firstIndex(of: Self.slash), slash != inner.startIndex else { return nil }
        let tail = inner[inner.index(after: slash)...]
        let segment = tail.prefix { $0 != Self.slash }
        guard let dot = segment.lastIndex(of: UInt8(ascii: ".")), dot != segment.startIndex,
            let ending = Self.endings.first(where: { segment[dot...].elementsEqual($0.utf8) })
        else {
            return nil
        }
        owner = String(path[inner.startIndex..<slash])
        name = String(path[segment.startIndex..<dot])
        self.ending = ending
        rest = path[segment.endIndex...]
    }
}
