package import NIOCore

import CGit2
import Core

extension Git {
    /// What lies at a path: the kind, mode and id of a file, a folder or a submodule, and the size of a file.
    ///
    /// - Throws: `Failure.missing` if there is no such revision, or nothing at the path.
    package func entry(at path: TreePath, of revision: Revision) async throws -> TreeEntry {
        try await run { repository in
            let tree = try repository.links(of: repository.resolve(revision).commit).tree
            guard let found = try repository.entry(at: path, of: tree) else {
                throw Failure.missing("No file or folder '\(path)' at '\(revision)'")
            }
            var entry = TreeEntry(path: path, mode: found.mode, id: found.id)
            entry.sizeBytes = try repository.sizeBytes(of: entry)
            return entry
        }
    }

    /// The bytes of a file, or the target of a symbolic link, in memory.
    ///
    /// - Throws: `Failure.tooLarge` beyond `limitBytes`; `.invalid` for a folder or a submodule.
    package func bytes(of file: TreeEntry, limitBytes: Int) async throws -> [UInt8] {
        try Self.requireBlob(file)
        return try await run { repository in
            guard let header = try repository.header(of: file.id) else {
                throw Failure.missing("No file '\(file.path)'")
            }
            guard header.sizeBytes <= limitBytes else {
                throw Failure(
                    .tooLarge,
                    "'\(file.path)' has \(header.sizeBytes) bytes, more than \(limitBytes)"
                )
            }
            guard let bytes = try repository.read(file.id, as: GIT_OBJECT_BLOB, { Array($0) }) else {
                throw Failure.missing("No file '\(file.path)'")
            }
            return bytes
        }
    }

    /// A file by its id: how long it is, and its bytes where these are not too many.
    ///
    /// - Returns: No bytes beyond `limitBytes`.
    /// - Throws: `Failure.missing` where no file has the id.
    package func blob(_ id: ObjectID, limitBytes: Int) async throws -> (sizeBytes: Int, bytes: [UInt8]?) {
        try await run { repository in
            guard let header = try repository.header(of: id), header.type == GIT_OBJECT_BLOB else {
                throw Failure.missing("No file '\(id)'")
            }
            guard header.sizeBytes <= limitBytes else { return (header.sizeBytes, nil) }
            return (header.sizeBytes, try repository.read(id, as: GIT_OBJECT_BLOB) { Array($0) })
        }
    }

    /// Gives the bytes of a file piece by piece, each once the one before was taken.
    ///
    /// - Throws: `Failure.invalid` for a folder or a submodule; what the body throws.
    package func forEachPiece(of file: TreeEntry, _ body: (ByteBuffer) async throws -> Void) async throws {
        try Self.requireBlob(file)
        if let size = file.sizeBytes, size <= Self.inMemoryBytes {
            try await body(ByteBuffer(bytes: bytes(of: file, limitBytes: size)))
            return
        }
        // libgit2 holds a packed object whole; the program takes it out of its pack piece by piece.
        let words = ["cat-file", "blob", file.id.description].map { Array($0.utf8) }
        try await reader.pieces(of: words) { try await body(ByteBuffer(bytes: $0)) }
    }

    /// What a file stands for, if it is a pointer of Git LFS.
    package func lfsPointer(of file: TreeEntry) async throws -> LFSPointer? {
        try await lfsPointers(of: [file])[file.id]
    }

    /// What files stand for that are pointers of Git LFS, by their ids; only those whose sizes were asked for are looked at.
    func lfsPointers(of files: [TreeEntry]) async throws -> [ObjectID: LFSPointer] {
        let small = files.filter { file in
            (file.kind == .file || file.kind == .executable)
                && file.sizeBytes.map { $0 < LFSPointer.limitBytes } ?? false
        }
        let candidates = Set(small.map(\.id))
        guard !candidates.isEmpty else { return [:] }
        return try await run { repository in
            var found: [ObjectID: LFSPointer] = [:]
            for id in candidates {
                let pointer = try repository.read(id, as: GIT_OBJECT_BLOB) { LFSPointer($0) }
                if let pointer = pointer ?? nil { found[id] = pointer }
            }
            return found
        }
    }

    private static let inMemoryBytes = 4 << 20

    private static func requireBlob(_ file: TreeEntry) throws(Failure) {
        guard file.kind != .folder, file.kind != .submodule else {
            throw .invalid("'\(file.path)' is a \(file.kind.rawValue), not a file")
        }
    }
}

extension FolderListing {
    /// The file that tells what the folder is for: `README.md` before other endings, whatever their case.
    package var readme: TreeEntry? {
        // By their bytes: thousands of names are not to be made into texts to be seen to be others.
        let candidates = entries.filter { entry in
            guard entry.kind == .file || entry.kind == .executable, let name = entry.path.components.last
            else { return false }
            return name.count <= 15 && zip(name, "readme".utf8).allSatisfy { $0 | 0x20 == $1 }
        }
        return ["readme.md", "readme.markdown", "readme.rst", "readme.org", "readme.txt", "readme"].lazy
            .compactMap { name in candidates.first { $0.name.lowercased() == name } }
            .first
    }
}
