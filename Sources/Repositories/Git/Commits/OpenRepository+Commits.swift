import CGit2
import Core

/// What walks of a history need of a commit.
struct CommitLinks {
    let tree: ObjectID
    let parents: [ObjectID]
    let committedSeconds: Int64
}

extension OpenRepository {
    /// - Throws: `Failure.missing` if there is no such commit.
    func commit(_ id: ObjectID) throws -> Commit {
        let commit = try read(id, as: GIT_OBJECT_COMMIT) { bytes in
            let raw = RawCommit(bytes)
            guard let tree = raw.tree else { throw MalformedObject(id: id) }
            return Commit(
                id: id,
                tree: tree,
                parents: raw.parents,
                author: raw.signature(raw.author, in: bytes),
                committer: raw.signature(raw.committer, in: bytes),
                message: raw.text(raw.message, in: bytes),
                isSigned: raw.isSigned
            )
        }
        guard let commit else { throw Failure.missing("No commit '\(id)'") }
        return commit
    }

    /// - Throws: `Failure.missing` if there is no such commit.
    func links(of id: ObjectID) throws -> CommitLinks {
        guard let links = try findLinks(of: id) else { throw Failure.missing("No commit '\(id)'") }
        return links
    }

    /// Nil if there is no such commit, as beyond the end of a shallow history.
    func findLinks(of id: ObjectID) throws -> CommitLinks? {
        try read(id, as: GIT_OBJECT_COMMIT) { bytes in
            let raw = RawCommit(bytes)
            guard let tree = raw.tree else { throw MalformedObject(id: id) }
            return CommitLinks(
                tree: tree,
                parents: raw.parents,
                committedSeconds: raw.committedSeconds(in: bytes)
            )
        }
    }
}
