import Core
import ObjectStore

extension LargeFileStore {
    /// What is kept for a file; nil where it is no pointer, or where what it stands for was never sent here.
    package func kept(for file: TreeEntry, in content: Git) async throws -> LargeFile? {
        try await kept(for: [file], in: content)[file.id]
    }

    /// What is kept for those of some files that are pointers, by the ids of the pointers.
    ///
    /// - Parameters:
    ///   - files: Files with their sizes.
    ///   - content: Where they lie.
    /// - Returns: Without those that were never sent here.
    /// - Throws: `DatabaseError` where the database fails.
    package func kept(for files: [TreeEntry], in content: Git) async throws -> [ObjectID: LargeFile] {
        let hashes = try await content.lfsPointers(of: files).compactMapValues { ContentHash(hex: $0.oid) }
        guard !hashes.isEmpty else { return [:] }
        let found = try await find(Array(Set(hashes.values)))
        return hashes.compactMapValues { found[$0] }
    }
}
