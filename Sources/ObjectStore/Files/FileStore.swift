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
        return try await store.keep(object) { [workspace] connection in
            let (file, known) = try connection.name(object, path, in: workspace)
            try body(connection)
            return (file, known)
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
        try await store.open(
            KnownObject(key: file.objectKey, hash: file.hash, nonce: file.location?.nonce),
            sizeBytes: file.sizeBytes
        )
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
