import CGit2
import Core

extension Git {
    /// What a commit has changed: what differs from its first parent, or from nothing.
    ///
    /// - Throws: `Failure.missing` if there is no such revision.
    package func diff(of revision: Revision, _ query: DiffQuery = DiffQuery()) async throws -> Diff {
        try await run { repository in
            let links = try repository.links(of: repository.resolve(revision).commit)
            let parent = try links.parents.first.map { try repository.links(of: $0).tree }
            return try repository.diff(from: parent, to: links.tree, query)
        }
    }

    /// What differs between two commits as they stand.
    ///
    /// - Throws: `Failure.missing` if there is no such revision.
    package func diff(
        from old: Revision,
        to new: Revision,
        _ query: DiffQuery = DiffQuery()
    ) async throws -> Diff {
        try await run { repository in
            try repository.diff(
                from: repository.links(of: repository.resolve(old).commit).tree,
                to: repository.links(of: repository.resolve(new).commit).tree,
                query
            )
        }
    }

    /// The commits that `head` has and `base` has not, the latest first.
    ///
    /// - Throws: `Failure.missing` if there is no such revision.
    package func commits(of head: Revision, without base: Revision, limit: Int) async throws -> [Commit] {
        try await run { repository in
            try repository.commits(
                of: repository.resolve(head).commit,
                without: repository.resolve(base).commit,
                limit: limit
            ).map { try repository.commit($0) }
        }
    }

    /// What `head` has that `base` has not: what a merge of it would bring.
    ///
    /// - Throws: `Failure.missing` if there is no such revision; `.tooLarge` if the commits that only one of them has cannot
    ///   be counted within `timeLimit`, where that is given.
    package func compare(
        base: Revision,
        head: Revision,
        commitLimit limit: Int = 250,
        timeLimit: Duration? = nil,
        _ query: DiffQuery = DiffQuery()
    ) async throws -> Comparison {
        try await run { repository in
            let (baseID, headID) = (try repository.resolve(base).commit, try repository.resolve(head).commit)
            // First, since what follows goes through the same commits and cannot be stopped.
            let divergence =
                if let timeLimit {
                    try repository.divergence(of: headID, from: baseID, within: SearchTime(limit: timeLimit))
                } else {
                    try repository.divergence(of: headID, from: baseID) as Divergence?
                }
            guard let divergence else {
                throw Failure(.tooLarge, "'\(base)' and '\(head)' parted too long ago to be compared here.")
            }
            let mergeBase = try repository.mergeBase(of: baseID, and: headID)
            return Comparison(
                base: baseID,
                head: headID,
                mergeBase: mergeBase,
                divergence: divergence,
                commits: try repository.commits(of: headID, without: baseID, limit: limit)
                    .map { try repository.commit($0) },
                diff: try repository.diff(
                    from: repository.links(of: mergeBase ?? baseID).tree,
                    to: repository.links(of: headID).tree,
                    query
                )
            )
        }
    }
}

extension OpenRepository {
    /// The commits that a history has and another has not, the latest first.
    func commits(of head: ObjectID, without base: ObjectID, limit: Int) throws -> [ObjectID] {
        try walk(of: head, without: base, order: GIT_SORT_TIME.rawValue, limit: limit)
    }

    /// The commits that a history has and another has not, in an order of libgit2.
    func walk(of head: ObjectID, without base: ObjectID, order: UInt32, limit: Int) throws -> [ObjectID] {
        var (head, base) = (head.raw, base.raw)
        let walk = try Owned(freedBy: git_revwalk_free) { git_revwalk_new(&$0, pointer) }
        try GitLibrary.check(git_revwalk_sorting(walk.pointer, order))
        try GitLibrary.check(git_revwalk_push(walk.pointer, &head))
        try GitLibrary.check(git_revwalk_hide(walk.pointer, &base))
        var found: [ObjectID] = []
        while found.count < limit {
            var id = git_oid()
            let result = git_revwalk_next(&id, walk.pointer)
            if result == GIT_ITEROVER.rawValue { break }
            try GitLibrary.check(result)
            found.append(ObjectID(id))
        }
        return found
    }
}
