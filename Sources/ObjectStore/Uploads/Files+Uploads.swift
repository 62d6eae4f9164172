internal import Core
internal import Database
package import NIOCore

/// Files that arrive in parts, in any order and at the same time.
extension Files {
    package static let partLimit = 10_000

    /// Begins an upload in parts; they go to `FileStore.putPart`.
    ///
    /// - Throws: `Failure.invalid` where there is no part, or more than `partLimit`.
    package func createUpload(to path: ArtifactPath, partCount: Int64) async throws -> UploadID {
        guard (1...Int64(Self.partLimit)).contains(partCount) else {
            throw Failure.invalid("An upload has from 1 to \(Self.partLimit) parts, not \(partCount).")
        }
        let id = UploadID.random()
        try await store.database.write { [workspace] connection in
            _ = try connection.execute(
                """
                INSERT INTO uploads (upload_id, workspace_id, path, part_count, created_ms)
                VALUES (\(id.text), \(workspace.key), \(path.text), \(partCount), \(connection.nowMs))
                """
            )
        }
        return id
    }

    /// Makes a file of parts, in the order of their numbers; asked again, it has happened already.
    ///
    /// - Throws: `Failure.missing` for an upload that is not under way to this path; `.invalid` for parts that were not
    ///   received, or not with that tag.
    package func completeUpload(
        _ id: UploadID,
        to path: ArtifactPath,
        parts: [(number: Int64, tag: String)]
    ) async throws {
        let upload = try await self.upload(id, to: path)
        if upload.isComplete { return }
        let chosen = try upload.choose(parts)
        let content: StoredContent
        do {
            content = try await store.objects.join(chosen, of: id)
        } catch {
            // Who completed it at the same time drops the parts when they are done.
            if try await self.upload(id, to: path).isComplete { return }
            throw error
        }
        _ = try await keep(content, at: path) { connection in
            try connection.execute(
                "UPDATE uploads SET completed_ms = \(connection.nowMs) WHERE upload_id = \(id.text)"
            )
            try connection.execute("DELETE FROM upload_parts WHERE upload_id = \(id.text)")
        }
        try await store.objects.drop(id)
    }

    private func upload(_ id: UploadID, to path: ArtifactPath) async throws -> Upload {
        try await store.database.read { [workspace] connection in
            try connection.upload(id, to: path, in: workspace)
        }
    }

    /// Forgets an upload and its parts; one that is not there is forgotten already.
    package func abortUpload(_ id: UploadID, to path: ArtifactPath) async throws {
        let count = try await store.database.write { [workspace] connection in
            try connection.execute(
                """
                DELETE FROM uploads
                WHERE upload_id = \(id.text) AND workspace_id = \(workspace.key) AND path = \(path.text)
                """
            )
        }
        if count > 0 { try await store.objects.drop(id) }
    }
}

extension FileStore {
    /// Keeps a part of an upload; a part that comes again replaces the one before.
    ///
    /// - Parameters:
    ///   - body: The bytes of the part.
    ///   - number: Counted from 1.
    ///   - id: Who knows it may send parts.
    ///   - sizeBytes: How long the body says it is; nil where it does not.
    /// - Returns: The tag by which `completeUpload` asks for the part.
    /// - Throws: `Failure.missing` for an upload that is not under way, `.invalid` for a part that it does not have.
    package func putPart<Body: AsyncSequence & Sendable>(
        _ body: Body,
        number: Int64,
        of id: UploadID,
        sizeBytes: Int64?
    ) async throws -> String where Body.Element == ByteBuffer {
        // Also what keeps the places of all parts within the numbers that there are.
        guard sizeBytes ?? 0 <= Self.partLimitBytes else { throw Failure.tooLarge(Self.partLimitBytes) }
        let place = try await database.write { try $0.placePart(number, of: id, sizeBytes: sizeBytes) }
        let stored = try await objects.putPart(body, of: id, at: place, limitBytes: Self.partLimitBytes)
        let part = StoredPart(hash: stored.hash, sizeBytes: stored.sizeBytes, place: place)
        try await database.write { try $0.record(part, number, of: id) }
        return part.hash.hex
    }

    private static let partLimitBytes: Int64 = 5 << 30

    /// Forgets uploads that were begun before a time in epoch milliseconds, completed or not.
    ///
    /// - Returns: How many were not completed.
    /// - Throws: Faults of the database or the storage.
    func forgetUploads(begunBeforeMs: Int64) async throws -> Int {
        let forgotten = try await database.write { connection in
            try connection.rows(
                "DELETE FROM uploads WHERE created_ms < \(begunBeforeMs) RETURNING upload_id, completed_ms"
            ) { (id: UploadID($0.text(0)), isComplete: !$0.isNull(1)) }
        }
        for id in forgotten.compactMap(\.id) { try await objects.drop(id) }
        for id in try await objects.uploads(begunBeforeMs: begunBeforeMs) {
            let isKnown = try await database.write { try $0.uploadState(id) != nil }
            if !isKnown { try await objects.drop(id) }
        }
        return forgotten.count { !$0.isComplete }
    }
}
