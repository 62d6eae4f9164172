import CGit2

/// A ref under its name in full, and the object that it points to.
package struct NamedRef: Sendable, Hashable {
    /// What Git calls an object; an annotated tag is one of its own.
    package enum Kind: String, Sendable, Hashable {
        case commit, tag, tree, blob
    }

    /// Such as `refs/heads/main`.
    package let name: String
    package let object: ObjectID
    package let kind: Kind
}

extension Git {
    /// Branches, tags and notes in the order of their names, at most `limit`.
    ///
    /// - Parameters:
    ///   - name: The name of one in full, or that of a folder of refs, without a slash at its end.
    ///   - limit: How many at the most.
    /// - Returns: What has the name, or else what lies below it; nothing where there is neither.
    /// - Throws: `Failure.missing` if the repository is not there.
    package func refs(at name: String, limit: Int) async throws -> [NamedRef] {
        try await run { repository in
            var found: [(name: String, id: ObjectID)] = []
            try repository.forEachRef("refs/*") { ref, id in
                let isKept = RefName.folders.contains { ref.hasPrefix($0) }
                if isKept, ref == name || ref.hasPrefix(name + "/") { found.append((ref, id)) }
                return true
            }
            let first = found.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }.prefix(limit)
            return try first.map { ref in
                NamedRef(name: ref.name, object: ref.id, kind: try repository.kind(of: ref.id))
            }
        }
    }
}

extension OpenRepository {
    fileprivate func kind(of id: ObjectID) throws -> NamedRef.Kind {
        switch try header(of: id)?.type {
        case GIT_OBJECT_TAG: return .tag
        case GIT_OBJECT_TREE: return .tree
        case GIT_OBJECT_BLOB: return .blob
        default: return .commit
        }
    }
}
