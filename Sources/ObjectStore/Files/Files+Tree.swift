internal import Core
internal import Database
internal import Glibc
internal import NIOCore

extension Files {
    /// Every file below a folder, however deep, by path; of a file, itself.
    ///
    /// - Parameters:
    ///   - folder: The folder.
    ///   - limit: How many files are read at the most.
    /// - Returns: The files.
    /// - Throws: `Failure.tooLarge` where there are more.
    package func tree(_ folder: ArtifactPath, limit: Int) async throws -> [File] {
        try await store.database.read { [workspace] connection in
            let below = PathRange(below: folder)
            let files = try connection.rows(
                """
                SELECT f.object_key, o.sha256, f.size_bytes, f.modified_ms, o.nonce, f.path
                FROM files f JOIN objects o ON o.object_key = f.object_key
                WHERE f.workspace_id = \(workspace.key)
                    AND (f.path = \(folder.text) OR (f.path >= \(below.start) AND f.path < \(below.end)))
                ORDER BY f.path
                LIMIT \(limit + 1)
                """
            ) { try File(path: ArtifactPath($0.text(5)), $0) }
            guard files.count <= limit else {
                throw Failure(.tooLarge, "'\(folder)' holds more than \(limit) files.")
            }
            return files
        }
    }

    /// The SHA-256 of the bytes that are stored for a file, read to their end.
    ///
    /// - Parameter file: A file that was found a moment ago.
    /// - Returns: The hash; nil where the bytes are gone, cannot be read from the disk, or are not as many as they were.
    /// - Throws: Faults of the database or the storage.
    package func rehash(_ file: File) async throws -> ContentHash? {
        var hash = RunningHash()
        do {
            let content = try await open(file)
            try await content.forEachPiece(of: 0..<content.sizeBytes) { hash.update($0) }
        } catch is MissingObject {
            return nil
        } catch is TruncatedFile {
            return nil
        } catch let error as SystemError where error.code == EIO {
            return nil
        }
        return hash.value
    }
}
