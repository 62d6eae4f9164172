import CGit2

extension Git {
    /// The large files that anything in the repository stands for, each once, ordered by their hashes.
    ///
    /// All objects are looked at, also those that no branch reaches: their headers are read, and of those that are small
    /// enough the content.
    func largeFilePointers() async throws -> [LFSPointer] {
        try await run { repository in
            try repository.largeFilePointers().values.sorted { $0.oid < $1.oid }
        }
    }
}

extension OpenRepository {
    fileprivate func largeFilePointers() throws -> [String: LFSPointer] {
        let search = PointerSearch(self)
        let result = git_odb_foreach(
            objects,
            { id, payload in
                guard let id, let payload else { return 0 }
                return Unmanaged<PointerSearch>.fromOpaque(payload).takeUnretainedValue().visit(id.pointee)
            },
            Unmanaged.passUnretained(search).toOpaque()
        )
        if let failure = search.failure { throw failure }
        try GitLibrary.check(result)
        return search.found
    }
}

/// What a walk through all objects has found.
private final class PointerSearch {
    let repository: OpenRepository
    private(set) var found: [String: LFSPointer] = [:]
    private(set) var failure: (any Error)?

    init(_ repository: OpenRepository) { self.repository = repository }

    /// - Returns: Zero to go on, anything else to end.
    func visit(_ id: git_oid) -> Int32 {
        do {
            let id = ObjectID(id)
            guard let header = try repository.header(of: id), header.type == GIT_OBJECT_BLOB,
                header.sizeBytes < LFSPointer.limitBytes
            else { return 0 }
            let pointer = try repository.read(id, as: GIT_OBJECT_BLOB) { LFSPointer($0) }
            if let pointer = pointer ?? nil { found[pointer.oid] = pointer }
            return 0
        } catch {
            failure = error
            return -1
        }
    }
}
