import FoundationEssentials

/// The pages of this repository, by their path from its root.
enum Document {
    static func text(of path: String) throws -> String {
        try String(contentsOfFile: root + path, encoding: .utf8)
    }

    static func write(_ text: String, to path: String) throws {
        try Data(text.utf8).write(to: URL(filePath: root + path))
    }

    private static var root: String {
        let path = #filePath
        return path.firstRange(of: "/Tests/").map { String(path[..<$0.lowerBound]) + "/" } ?? ""
    }
}
