internal import Core
internal import Database

extension Files {
    /// One name in a folder.
    package struct Entry: Sendable, Hashable {
        package let name: String
        /// Nil for a folder.
        package let sizeBytes: Int64?

        package var isFolder: Bool { sizeBytes == nil }
    }

    /// Some of the names in a folder.
    package struct EntryPage: Sendable {
        /// In their order.
        package let entries: [Entry]
        /// What the next page is asked for with; nil where there is none.
        package let next: String?
    }

    /// The names in a folder in their order; in the root for nil.
    ///
    /// A file has none, nor has what does not exist.
    ///
    /// - Throws: `Failure.tooLarge` beyond `limit` names, where a caller asks for less at a time.
    package func list(_ folder: ArtifactPath?, limit: Int = 1_000_000) async throws -> [Entry] {
        let page = try await page(of: folder, limit: limit)
        guard page.next == nil else {
            throw Failure(.tooLarge, "The folder holds more than \(limit) names.")
        }
        return page.entries
    }

    /// As many of the names in a folder as are wanted at once, which costs no more than these.
    ///
    /// Pages follow each other in the order of paths, where a folder stands behind names that begin with its own and go on
    /// with a byte before `/`.
    ///
    /// - Parameters:
    ///   - folder: The folder; the root for nil.
    ///   - after: What the page before said; nil for the first page.
    ///   - limit: How many names at the most.
    /// - Returns: The names.
    /// - Throws: `Failure.invalid` for an `after` that no page has said.
    package func page(of folder: ArtifactPath?, after: String? = nil, limit: Int) async throws -> EntryPage {
        let start = try Listing(of: folder, after: after)
        return try await store.database.read { [workspace] connection in
            var listing = start
            while listing.entries.count <= limit, let range = listing.rest {
                let batch = listing.batch
                var count = 0
                try connection.forEach(
                    """
                    SELECT path, size_bytes FROM files
                    WHERE workspace_id = \(workspace.key) AND path >= \(range.start) AND path < \(range.end)
                    ORDER BY path LIMIT \(batch)
                    """
                ) { row in
                    count += 1
                    listing.take(path: row.text(0), sizeBytes: row.int(1))
                }
                listing.endBatch(isLast: count < batch)
            }
            return listing.page(of: limit)
        }
    }

    /// What is another one once files below a folder came, went or changed.
    ///
    /// - Returns: How many files there are, how long they are together, and when the last of them was written (epoch ms).
    package func pulse(below folder: ArtifactPath) async throws -> (files: Int64, bytes: Int64, lastMs: Int64)
    {
        try await store.database.read { [workspace] connection in
            let range = PathRange(below: folder)
            let found = try connection.first(
                """
                SELECT COUNT(*), CAST(COALESCE(SUM(size_bytes), 0) AS BIGINT), COALESCE(MAX(modified_ms), 0) FROM files
                WHERE workspace_id = \(workspace.key) AND path >= \(range.start) AND path < \(range.end)
                """
            ) { (files: $0.int(0), bytes: $0.int(1), lastMs: $0.int(2)) }
            return found ?? (0, 0, 0)
        }
    }

    /// Whether there are files below a path.
    package func isFolder(_ path: ArtifactPath) async throws -> Bool {
        try await store.database.read { [workspace] in try $0.hasFiles(in: PathRange(below: path), workspace)
        }
    }
}

/// A listing on its way through the files below a folder.
///
/// It reads some files at a time. Where it comes upon a sub-folder it notes the name and goes on behind all that lies
/// in it, so that a listing costs its own entries, however much lies below them.
private struct Listing {
    private(set) var entries: [Files.Entry] = []
    private(set) var rest: PathRange?
    private(set) var batch = Self.smallBatch
    private let prefix: String
    private var entriesBefore = 0
    private var last = ""
    private var folder: String?

    private static let smallBatch = 16
    private static let largeBatch = 4_096

    /// - Parameters:
    ///   - folder: The folder; the root for nil.
    ///   - after: A name that was the last of a page, with a slash behind that of a folder.
    /// - Throws: `Failure.invalid` for what is no name.
    init(of folder: ArtifactPath?, after: String?) throws {
        let range = PathRange(below: folder)
        prefix = range.start
        guard let after else {
            rest = range
            return
        }
        let isFolder = after.hasSuffix("/")
        let name = try ArtifactPath(isFolder ? String(after.dropLast()) : after).text
        rest = PathRange(start: Self.end(of: prefix + name, isFolder: isFolder), end: range.end)
    }

    /// The first names by name, as the original sorts: code point by code point, folders among files.
    func page(of limit: Int) -> Files.EntryPage {
        let shown = entries.prefix(limit)
        let last = shown.count < entries.count ? shown.last : nil
        return Files.EntryPage(
            entries: shown.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) },
            next: last.map { $0.isFolder ? $0.name + "/" : $0.name }
        )
    }

    /// Behind a folder (`0` is the byte after `/`) or behind a file (no path has a byte 1).
    private static func end(of path: String, isFolder: Bool) -> String { path + (isFolder ? "0" : "\u{1}") }

    mutating func take(path: String, sizeBytes: Int64) {
        last = path
        let below = path.utf8.dropFirst(prefix.utf8.count)
        if let end = below.firstIndex(of: UInt8(ascii: "/")) {
            let name = String(path[below.startIndex..<end])
            if name != folder { entries.append(.init(name: name, sizeBytes: nil)) }
            folder = name
        } else {
            entries.append(.init(name: String(path[below.startIndex...]), sizeBytes: sizeBytes))
            folder = nil
        }
    }

    mutating func endBatch(isLast: Bool) {
        guard !isLast, let range = rest else {
            rest = nil
            return
        }
        // Small steps while sub-folders hide what is read, large ones where every row is an entry.
        batch = entries.count - entriesBefore > batch / 2 ? min(batch * 4, Self.largeBatch) : Self.smallBatch
        entriesBefore = entries.count
        let start = Self.end(of: folder.map { prefix + $0 } ?? last, isFolder: folder != nil)
        rest = PathRange(start: start, end: range.end)
        folder = nil
    }
}
