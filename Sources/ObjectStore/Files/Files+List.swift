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

    /// The names in a folder in their order; in the root for nil.
    ///
    /// A file has none, nor has what does not exist.
    ///
    /// - Throws: `Failure.tooLarge` beyond `limit` names, where a caller asks for less at a time.
    package func list(_ folder: ArtifactPath?, limit: Int = 1_000_000) async throws -> [Entry] {
        try await store.database.read { [workspace] connection in
            var listing = Listing(of: folder)
            while let range = listing.rest {
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
                guard listing.entries.count <= limit else {
                    throw Failure(.tooLarge, "The folder holds more than \(limit) names.")
                }
            }
            return listing.sorted
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

    init(of folder: ArtifactPath?) {
        let range = PathRange(below: folder)
        rest = range
        prefix = range.start
    }

    /// By name, as the original sorts: code point by code point, folders among files.
    var sorted: [Files.Entry] {
        entries.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

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
        // Behind the folder (`0` is the byte after `/`) or behind the file (no path has a byte 1).
        rest = PathRange(start: folder.map { prefix + $0 + "0" } ?? last + "\u{1}", end: range.end)
        folder = nil
    }
}
