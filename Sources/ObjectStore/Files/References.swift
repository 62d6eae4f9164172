internal import Core
internal import Database
internal import NIOCore

/// A content that arrived and is not named by anything yet.
struct NewObject: Sendable {
    let hash: ContentHash
    let sizeBytes: Int64
    let location: ObjectLocation?
    /// The bytes where they are to lie in the database.
    let inline: [UInt8]?

    init(_ content: StoredContent) {
        switch content {
        case .inline(let hash, let buffer):
            self.hash = hash
            sizeBytes = Int64(buffer.readableBytes)
            location = nil
            inline = Array(buffer.readableBytesView)
        case .stored(let location, let sizeBytes):
            hash = location.hash
            self.sizeBytes = sizeBytes
            self.location = location
            inline = nil
        }
    }
}

/// A row of `objects`.
struct KnownObject: Sendable, Hashable {
    let key: Int64
    let hash: ContentHash
    /// Tells where the bytes lie; nil where they lie in the database.
    let nonce: Int64?
}

/// Reference counts change in the transaction that changes the names.
extension Connection {
    /// Counts one more reference to a content, which becomes known if it was not.
    func acquire(_ object: NewObject) throws -> KnownObject {
        let known = try first(
            """
            INSERT INTO objects (sha256, size_bytes, nonce, reference_count, created_ms)
            VALUES (\(object.hash.bytes), \(object.sizeBytes), \(object.location?.nonce), 1, \(nowMs))
            ON CONFLICT (sha256) DO UPDATE SET reference_count = objects.reference_count + 1, released_ms = NULL
            RETURNING object_key, nonce
            """
        ) { KnownObject(key: $0.int(0), hash: object.hash, nonce: $0.optionalInt(1)) }
        guard let known else { preconditionFailure("an upsert returns its row") }
        if known.nonce == nil, let inline = object.inline {
            try execute(
                """
                INSERT INTO object_contents (object_key, content) VALUES (\(known.key), \(inline))
                ON CONFLICT DO NOTHING
                """
            )
        }
        return known
    }

    /// Counts references that are gone; an object without any is freed by `collectGarbage` after a time.
    func release(_ keys: [Int64]) throws {
        // In key order, so that two transactions never wait for each other's rows.
        for (key, count) in Dictionary(grouping: keys, by: { $0 }).mapValues(\.count).sorted(by: {
            $0.key < $1.key
        }) {
            try execute(
                """
                UPDATE objects SET reference_count = reference_count - \(count),
                    released_ms = CASE WHEN reference_count = \(count) THEN CAST(\(nowMs) AS BIGINT) END
                WHERE object_key = \(key)
                """
            )
        }
    }

    /// Locks the rows of objects in key order, so that two transactions never wait for each other's.
    func lockObjects(_ keys: [Int64]) throws {
        try forEach(
            "SELECT object_key FROM objects WHERE object_key \(anyOf: keys) ORDER BY object_key \(.forUpdate)"
        ) { _ in }
    }

    /// Counts a reference to a content under a path, and releases what was there.
    ///
    /// The path is held before the objects, as where files are deleted.
    func name(
        _ object: NewObject,
        _ path: ArtifactPath,
        in workspace: WorkspaceID
    ) throws -> (File, KnownObject) {
        // Another server may be naming the same path, or one of its folders.
        try lock(
            "file/\(workspace.key)/\(path.text)",
            sharing: path.folders.map { "file/\(workspace.key)/\($0)" }
        )
        try refuseConflict(path, in: workspace)
        let old = try first(
            """
            SELECT object_key FROM files
            WHERE workspace_id = \(workspace.key) AND path = \(path.text) \(.forUpdate)
            """
        ) { $0.int(0) }
        let known = try acquire(object, inPlaceOf: old)
        try execute(
            """
            INSERT INTO files (workspace_id, path, object_key, size_bytes, modified_ms)
            VALUES (\(workspace.key), \(path.text), \(known.key), \(object.sizeBytes), \(nowMs))
            ON CONFLICT (workspace_id, path) DO UPDATE SET object_key = excluded.object_key,
                size_bytes = excluded.size_bytes, modified_ms = excluded.modified_ms
            """
        )
        if let old, old != known.key { try release([old]) }
        let file = File(
            path: path,
            hash: object.hash,
            sizeBytes: object.sizeBytes,
            modifiedMs: nowMs,
            object: known
        )
        return (file, known)
    }

    /// Counts a reference in place of another, which is released after it; of the same object the reference stays.
    private func acquire(_ object: NewObject, inPlaceOf old: Int64?) throws -> KnownObject {
        guard let old else { return try acquire(object) }
        let known = try first("SELECT object_key, nonce FROM objects WHERE sha256 = \(object.hash.bytes)") {
            KnownObject(key: $0.int(0), hash: object.hash, nonce: $0.optionalInt(1))
        }
        if let known {
            if known.key == old { return known }
            // Two who put each other's contents would wait for each other if each held its new one first.
            try lockObjects([old, known.key])
        }
        return try acquire(object)
    }

    /// Deletes a file, or some of those in a folder.
    func deleteFiles(_ path: ArtifactPath, in workspace: WorkspaceID, limit: Int) throws -> Int {
        let file = try rows(
            "DELETE FROM files WHERE workspace_id = \(workspace.key) AND path = \(path.text) RETURNING object_key"
        ) { $0.int(0) }
        let below = PathRange(below: path)
        let keys = try rows(
            """
            DELETE FROM files WHERE workspace_id = \(workspace.key) AND path IN (
                SELECT path FROM files
                WHERE workspace_id = \(workspace.key) AND path >= \(below.start) AND path < \(below.end)
                ORDER BY path LIMIT \(limit - file.count)
            )
            RETURNING object_key
            """
        ) { $0.int(0) }
        try release(file + keys)
        return file.count + keys.count
    }

    /// Looks at some of the files of a path, in their order, and deletes those that neither are nor lie in what is kept.
    ///
    /// It begins behind the file `last`, which is empty for the first, and says which file was the last that it looked at.
    func deleteFiles(
        _ path: ArtifactPath,
        keeping kept: Set<String>,
        after last: String,
        in workspace: WorkspaceID,
        limit: Int
    ) throws -> (deleted: Int, kept: Int, last: String?) {
        let below = PathRange(below: path)
        let found = try rows(
            """
            SELECT path FROM files
            WHERE workspace_id = \(workspace.key) AND path >= \(last.isEmpty ? path.text : last)
                AND path < \(below.end) AND path <> \(last) AND (path = \(path.text) OR path >= \(below.start))
            ORDER BY path LIMIT \(limit)
            """
        ) { $0.text(0) }
        let doomed = found.filter { !Self.isWithin(kept, $0) }
        let keys = try rows(
            "DELETE FROM files WHERE workspace_id = \(workspace.key) AND path \(anyOf: doomed) RETURNING object_key"
        ) { $0.int(0) }
        try release(keys)
        return (doomed.count, found.count - doomed.count, found.last)
    }

    /// Reads some of the files of a path, in their order, but for those that are or lie in what is kept.
    ///
    /// It begins behind the file `last`, which is empty for the first, and says which file was the last that it looked at.
    func files(
        of path: ArtifactPath,
        besides kept: Set<String>,
        after last: String,
        in workspace: WorkspaceID,
        limit: Int
    ) throws -> (files: [NamedObject], kept: Int, last: String?) {
        let below = PathRange(below: path)
        let found = try rows(
            """
            SELECT f.path, f.object_key, o.size_bytes, o.reference_count
            FROM files f JOIN objects o ON o.object_key = f.object_key
            WHERE f.workspace_id = \(workspace.key) AND f.path >= \(last.isEmpty ? path.text : last)
                AND f.path < \(below.end) AND f.path <> \(last)
                AND (f.path = \(path.text) OR f.path >= \(below.start))
            ORDER BY f.path LIMIT \(limit)
            """
        ) {
            (
                path: $0.text(0),
                object: NamedObject(
                    objectKey: $0.int(1),
                    sizeBytes: $0.int(2),
                    referenceCount: $0.int(3)
                )
            )
        }
        let doomed = found.filter { !Self.isWithin(kept, $0.path) }
        return (doomed.map(\.object), found.count - doomed.count, found.last?.path)
    }

    /// Whether a path is one of some, or lies in one.
    private static func isWithin(_ folders: Set<String>, _ path: String) -> Bool {
        folders.contains(path)
            || path.indices.contains { path[$0] == "/" && folders.contains(String(path[..<$0])) }
    }

    /// A name is a file or a folder, never both.
    private func refuseConflict(_ path: ArtifactPath, in workspace: WorkspaceID) throws {
        for folder in path.folders where try isFile(folder, in: workspace) {
            throw Failure.invalid("Cannot store '\(path)': '\(folder)' is a file.")
        }
        if try hasFiles(in: PathRange(below: path), workspace) {
            throw Failure.invalid("Cannot store '\(path)': it is a directory.")
        }
    }

    private func isFile(_ path: String, in workspace: WorkspaceID) throws -> Bool {
        try first("SELECT 1 FROM files WHERE workspace_id = \(workspace.key) AND path = \(path)") { _ in true
        }
            ?? false
    }

    func hasFiles(in range: PathRange, _ workspace: WorkspaceID) throws -> Bool {
        try first(
            """
            SELECT 1 FROM files
            WHERE workspace_id = \(workspace.key) AND path >= \(range.start) AND path < \(range.end) LIMIT 1
            """
        ) { _ in true } ?? false
    }
}

/// The paths below a folder, as a range of the order that files are kept in.
struct PathRange: Sendable {
    let start: String
    let end: String

    init(start: String, end: String) {
        self.start = start
        self.end = end
    }

    /// Everything in a folder; in the root for nil.
    init(below folder: ArtifactPath?) {
        // The byte after `/` is `0`; no path begins with the last scalar that there is.
        start = folder.map { $0.text + "/" } ?? ""
        end = folder.map { $0.text + "0" } ?? "\u{10FFFF}"
    }
}
