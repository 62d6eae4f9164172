import Core
import HTTP
import Repositories

/// Makes the addresses in a Markdown file of a repository those of its pages.
struct MarkdownLinks: Sendable {
    let addresses: RepositoryAddresses
    let revision: ResolvedRevision
    /// The folder that the file lies in.
    let folder: TreePath

    /// - Parameters:
    ///   - address: As it is written.
    ///   - isPicture: Whether it is that of a picture.
    /// - Returns: The address of a page or of raw bytes; pictures of other hosts have none, since a page loads nothing of them.
    func resolve(_ address: String, _ isPicture: Bool) -> String {
        if address.isEmpty || address.hasPrefix("#") { return address }
        if address.hasPrefix("//") || address.hasPrefix("\\") || Self.hasScheme(address) {
            return Markdown.withoutFarPictures(address, isPicture)
        }
        let end = address.firstIndex { $0 == "?" || $0 == "#" } ?? address.endIndex
        let written = address[..<end]
        let text = PercentEncoding.decoded(written.utf8) ?? String(written)
        var parts = text.hasPrefix("/") ? [] : folder.components
        for part in text.split(separator: "/") {
            switch part {
            case ".": continue
            case "..": _ = parts.popLast()
            default: parts.append(Array(part.utf8))
            }
        }
        guard let path = try? TreePath(bytes: Array(parts.joined(separator: [UInt8(ascii: "/")]))) else {
            return ""
        }
        let mark = address[end...].firstIndex(of: "#").map { address[$0...] } ?? ""
        return addresses[isPicture ? .raw : .src, revision, path].text + mark
    }

    private static func hasScheme(_ address: String) -> Bool {
        guard let colon = address.firstIndex(of: ":") else { return false }
        let scheme = address[..<colon]
        return !scheme.isEmpty
            && scheme.utf8.allSatisfy {
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0 | 0x20)
                    || "0123456789+-.".utf8.contains($0)
            }
    }
}
