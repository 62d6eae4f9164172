import Core
import Database
package import NIOCore
package import ObjectStore

/// The large files of a caller's repository.
///
/// Bytes are shared with whatever else has the same content, on all of the server; a row says that a repository has them.
/// Security: a repository gets its row by sending the whole content, or as a fork of one that has it, so that nobody reads
/// with a hash alone what another repository keeps.
package struct LargeFileStore: Sendable {
    let files: FileStore
    let database: any Database
    let caller: Caller

    /// Those that the repository has, of some.
    package func find(_ hashes: [ContentHash]) async throws -> [ContentHash: LargeFile] {
        let found = try await database.read { connection in
            try connection.rows(
                """
                SELECT oid, object_key, size_bytes, stored_ms FROM lfs_objects
                WHERE workspace_id = \(caller.workspace.key) AND oid \(anyOf: hashes.map(\.hex))
                """,
                Self.file
            )
        }
        return Dictionary(uniqueKeysWithValues: found.compactMap { $0 }.map { ($0.hash, $0) })
    }

    /// Those behind one, ordered by their hashes.
    func list(after last: ContentHash?, limit: Int) async throws -> [LargeFile] {
        try await database.read { connection in
            try connection.rows(
                """
                SELECT oid, object_key, size_bytes, stored_ms FROM lfs_objects
                WHERE workspace_id = \(caller.workspace.key) AND oid > \(last?.hex ?? "")
                ORDER BY oid LIMIT \(limit)
                """,
                Self.file
            ).compactMap(\.self)
        }
    }

    private static func file(_ row: borrowing Row) -> LargeFile? {
        ContentHash(hex: row.text(0)).map {
            LargeFile(hash: $0, sizeBytes: row.int(2), storedMs: row.int(3), objectKey: row.int(1))
        }
    }

    /// - Throws: `Failure.missing` where the repository has no such file.
    package func get(_ hash: ContentHash) async throws -> LargeFile {
        guard let file = try await find([hash])[hash] else {
            throw Failure.missing("The repository has no object \(hash.hex).")
        }
        return file
    }

    /// Keeps a file; durable when it returns.
    ///
    /// One that is there already stays as it is.
    ///
    /// - Parameters:
    ///   - body: The whole content.
    ///   - hash: What it must be.
    ///   - expectedBytes: How long it must be; nil where nobody has said so.
    /// - Throws: `Failure.invalid` where the content is another; what `body` throws. Then nothing is kept.
    package func put<Body: AsyncSequence & Sendable>(
        _ body: Body,
        hashed hash: ContentHash,
        sizeBytes expectedBytes: Int64? = nil
    ) async throws where Body.Element == ByteBuffer {
        try await files.receive(body, hashed: hash) { [caller] connection, objectKey, sizeBytes in
            if let expectedBytes, sizeBytes != expectedBytes {
                throw Failure.invalid("The content has \(sizeBytes) bytes, not \(expectedBytes).")
            }
            let isNew =
                try connection.execute(
                    """
                    INSERT INTO lfs_objects (workspace_id, oid, object_key, size_bytes, stored_ms)
                    VALUES (\(caller.workspace.key), \(hash.hex), \(objectKey), \(sizeBytes), \(connection.nowMs))
                    ON CONFLICT DO NOTHING
                    """
                ) == 1
            if !isNew { try FileStore.release([objectKey], in: connection) }
        }
    }

    /// Opens a file that was found a moment ago.
    package func open(_ file: LargeFile) async throws -> any ObjectContent {
        try await files.open(objectKey: file.objectKey)
    }
}
