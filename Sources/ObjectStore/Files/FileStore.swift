package import Core
package import Database
package import NIOCore

/// Trees of named files over objects: what artifacts are kept in, one tree to a workspace.
///
/// Files of the same content share one object, which counts them. A content of at most `inlineBytes` lies in the
/// database, where it becomes durable with the commit that names it; a longer one lies in the object store.
package struct FileStore: Sendable {
    let database: any Database
    let objects: any ObjectStore

    package static let inlineBytes = 64 << 10

    package init(database: any Database, objects: any ObjectStore) {
        self.database = database
        self.objects = objects
    }

    package func files(for caller: Caller) -> Files {
        Files(store: self, workspace: caller.workspace)
    }
}

/// The files that one caller may see.
package struct Files: Sendable {
    let store: FileStore
    let workspace: WorkspaceID

    /// Keeps a body under a path, in place of what was there; durable when it returns.
    ///
    /// - Throws: `Failure.invalid` where the path, or a folder of it, is taken by a folder or a file;
    ///   `Failure.tooLarge` beyond `limitBytes`; what the body throws. Then nothing has changed.
    package func put<Body: AsyncSequence & Sendable>(
        _ body: Body,
        at path: ArtifactPath,
        limitBytes: Int64 = .max
    ) async throws -> File where Body.Element == ByteBuffer {
        let content = try await store.objects.put(
            body,
            inlineBytes: FileStore.inlineBytes,
            limitBytes: limitBytes
        )
        return try await keep(content, at: path)
    }

    /// Names a content that was received, in one transaction with `body`; what it is not needed for any more is freed.
    func keep(
        _ content: StoredContent,
        at path: ArtifactPath,
        with body: @escaping @Sendable (any Connection) throws -> Void = { _ in }
    ) async throws -> File {
        let object = NewObject(content)
        do {
            let (file, known) = try await store.database.write { [workspace] connection in
                let known = try connection.acquire(object)
                let file = try connection.name(known, sizeBytes: object.sizeBytes, path, in: workspace)
                try body(connection)
                return (file, known)
            }
            try await settle(object, known: known)
            return file
        } catch let refusal as Failure where refusal.code != .unavailable {
            // After any other error, such as a lost answer, the commit may have happened; the collector knows then, and
            // we do not.
            if let location = object.location { try await store.objects.remove(location) }
            throw refusal
        }
    }

    /// The file of a path; nil where there is none.
    package func find(_ path: ArtifactPath) async throws -> File? {
        try await store.database.read { [workspace] connection in
            try connection.first(
                """
                SELECT f.object_key, o.sha256, f.size_bytes, f.modified_ms, o.nonce
                FROM files f JOIN objects o ON o.object_key = f.object_key
                WHERE f.workspace_id = \(workspace.key) AND f.path = \(path.text)
                """
            ) { File(path: path, $0) }
        }
    }

    /// Opens a file that was found a moment ago.
    ///
    /// - Throws: `MissingObject` where its bytes are gone.
    package func open(_ file: File) async throws -> any ObjectContent {
        if let location = file.location {
            return try await store.objects.open(location, sizeBytes: file.sizeBytes)
        }
        let content = try await store.database.read { connection in
            try connection.first("SELECT content FROM object_contents WHERE object_key = \(file.objectKey)") {
                $0.blob(0)
            }
        }
        guard let content, content.count == Int(file.sizeBytes) else {
            throw MissingObject(location: ObjectLocation(hash: file.hash, nonce: 0))
        }
        return InlineContent(buffer: ByteBuffer(bytes: content))
    }

    /// Deletes a file, or a folder with all that lies in it.
    ///
    /// - Returns: How many files that were; none is no error.
    @discardableResult
    package func delete(_ path: ArtifactPath) async throws -> Int {
        var deleted = 0
        while true {
            let count = try await store.database.write { [workspace] connection in
                try connection.deleteFiles(path, in: workspace, limit: Self.deleteBatch)
            }
            deleted += count
            if count < Self.deleteBatch { return deleted }
        }
    }

    /// Deletes what lies in a folder, but for some files and folders in it.
    ///
    /// - Parameters:
    ///   - path: A file or a folder.
    ///   - kept: What stays: files, and folders with all that lies in them.
    /// - Returns: How many files were deleted, and how many stay.
    /// - Throws: `DatabaseError` where the database fails.
    package func delete(
        _ path: ArtifactPath,
        keeping kept: Set<ArtifactPath>
    ) async throws -> (deleted: Int, kept: Int) {
        if kept.isEmpty { return (try await delete(path), 0) }
        let texts = Set(kept.map(\.text))
        var (result, last) = ((deleted: 0, kept: 0), "")
        while true {
            let step = try await store.database.write { [workspace, last] connection in
                try connection.deleteFiles(
                    path,
                    keeping: texts,
                    after: last,
                    in: workspace,
                    limit: Self.deleteBatch
                )
            }
            result.deleted += step.deleted
            result.kept += step.kept
            guard let end = step.last else { return result }
            last = end
        }
    }

    private static let deleteBatch = 5_000

    /// Removes an upload whose content was there already; puts it in its place where that was lost.
    private func settle(_ object: NewObject, known: KnownObject) async throws {
        guard let location = object.location, known.nonce != location.nonce else { return }
        if let nonce = known.nonce {
            let old = ObjectLocation(hash: location.hash, nonce: nonce)
            do {
                _ = try await store.objects.open(old, sizeBytes: object.sizeBytes)
            } catch is MissingObject {
                return try await store.database.write { connection in
                    try connection.execute(
                        """
                        UPDATE objects SET nonce = \(location.nonce)
                        WHERE object_key = \(known.key) AND nonce = \(nonce)
                        """
                    )
                }
            }
        }
        try await store.objects.remove(location)
    }
}

/// One file: its name, its content's identity, and when it was put there.
package struct File: Sendable, Hashable {
    package let path: ArtifactPath
    package let hash: ContentHash
    package let sizeBytes: Int64
    package let modifiedMs: Int64
    let objectKey: Int64
    let location: ObjectLocation?

    init(path: ArtifactPath, hash: ContentHash, sizeBytes: Int64, modifiedMs: Int64, object: KnownObject) {
        self.path = path
        self.hash = hash
        self.sizeBytes = sizeBytes
        self.modifiedMs = modifiedMs
        objectKey = object.key
        location = object.nonce.map { ObjectLocation(hash: hash, nonce: $0) }
    }

    init(path: ArtifactPath, _ row: borrowing Row) {
        self.init(
            path: path,
            hash: ContentHash(bytes: row.blob(1)),
            sizeBytes: row.int(2),
            modifiedMs: row.int(3),
            object: KnownObject(
                key: row.int(0),
                hash: ContentHash(bytes: row.blob(1)),
                nonce: row.optionalInt(4)
            )
        )
    }
}

/// A content that lay in the database and is in memory now.
private struct InlineContent: ObjectContent {
    let buffer: ByteBuffer

    var sizeBytes: Int64 { Int64(buffer.readableBytes) }

    func forEachPiece(of range: Range<Int64>, _ body: (ByteBuffer) async throws -> Void) async throws {
        let range = range.clamped(to: 0..<sizeBytes)
        guard let piece = buffer.getSlice(at: Int(range.lowerBound), length: range.count), !range.isEmpty
        else {
            return
        }
        try await body(piece)
    }
}
