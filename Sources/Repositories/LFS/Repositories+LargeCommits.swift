import Core
import NIOCore
package import ObjectStore

extension Repositories {
    /// Makes a commit of what somebody changes without `git`, as they would with it and `git lfs`.
    ///
    /// Contents that `.gitattributes` gives to Git LFS are kept by it, and the commit has their pointers. A pointer stays what it is.
    ///
    /// - Parameters:
    ///   - request: What changes.
    ///   - content: Where.
    ///   - files: Where large files are kept; nil where this server keeps none.
    /// - Returns: What came of it.
    /// - Throws: `Failure.permissionDenied` for a path that somebody else has locked; `.featureDisabled` for a large file where
    ///   none are kept; what `Git.commit` throws.
    package func commit(
        _ request: CommitRequest,
        to content: Git,
        largeFilesIn files: FileStore?
    ) async throws -> ChangeOutcome {
        let caller = content.caller
        let paths = request.changes.flatMap(\.paths)
        if let lock = try await fileLocks(for: caller).lockOfOthers(on: paths) {
            throw Failure(
                .permissionDenied,
                "'\(lock.path.text)' is locked by \(lock.owner) (Git LFS): ask them to unlock it."
            )
        }
        let large = try await content.run { try $0.largePaths(of: request) }
        guard !large.isEmpty else { return try await content.commit(request) }
        var request = request
        for (place, change) in request.changes.enumerated() {
            guard let (path, source) = change.written, large.contains(path.path),
                case .bytes(let bytes) = source, !bytes.isEmpty, LFSPointer(bytes) == nil
            else { continue }
            guard let files else {
                throw Failure(
                    .featureDisabled,
                    "'\(path.path)' is a file of Git LFS by .gitattributes, and this server keeps no large files."
                )
            }
            let pointer = try await keep(bytes, in: largeFiles(in: files, for: caller))
            request.changes[place] = change.replacing(with: .bytes(Array(pointer.text.utf8)))
        }
        return try await content.commit(request)
    }

    private func keep(_ bytes: [UInt8], in store: LargeFileStore) async throws -> LFSPointer {
        let body = OnePiece(bytes: ByteBuffer(bytes: bytes))
        let hash = try await ContentHash(hashing: body)
        try await store.put(body, hashed: hash)
        return LFSPointer(oid: hash.hex, sizeBytes: Int64(bytes.count))
    }
}

/// A body that is there whole.
private struct OnePiece: AsyncSequence, Sendable {
    let bytes: ByteBuffer

    struct Iterator: AsyncIteratorProtocol {
        var rest: ByteBuffer?

        mutating func next() async -> ByteBuffer? {
            defer { rest = nil }
            return rest
        }
    }

    func makeAsyncIterator() -> Iterator { Iterator(rest: bytes) }
}
