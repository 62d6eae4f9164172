import FoundationEssentials

/// The pages of this repository, by their path from its root.
enum Document {
    static func text(of path: String) throws -> String {
        try String(contentsOfFile: root + path, encoding: .utf8)
    }

    static func write(_ text: String, to path: String) throws {
        try Data(text.utf8).write(to: URL(filePath: root + path))
    }

    /// The pages of the root and of `docs`.
    static func pages() throws -> [String] {
        let files = FileManager.default
        let atRoot = try files.contentsOfDirectory(atPath: root)
        let inDocs = try files.subpathsOfDirectory(atPath: root + "docs").map { "docs/" + $0 }
        return (atRoot + inDocs).filter { $0.hasSuffix(".md") }.sorted()
    }

    /// Whether a file lies where a link of a page leads.
    static func exists(_ link: String, from page: String) -> Bool {
        let folder = page.split(separator: "/").dropLast().joined(separator: "/")
        return FileManager.default.fileExists(atPath: root + folder + "/" + link)
    }

    private static var root: String {
        let path = #filePath
        return path.firstRange(of: "/Tests/").map { String(path[..<$0.lowerBound]) + "/" } ?? ""
    }
}
