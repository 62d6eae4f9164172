import Core

/// How long somebody waits for a search, from now on.
struct SearchTime {
    private let start = ContinuousClock.now
    let limit: Duration

    var isHalfOver: Bool { start.duration(to: .now) >= limit / 2 }
    var isOver: Bool { start.duration(to: .now) >= limit }
}

extension OpenRepository {
    /// The last commits of a folder at a commit, whole or as far as they are found in time.
    struct FoundLastCommits {
        var commits: [CommitSummary?]
        var sizes: [Int?]
        var isComplete: Bool
    }

    /// Looks into the cache, then walks; what was found whole is kept.
    func lastCommits(
        of tree: RawTree,
        at path: TreePath,
        from commit: ObjectID,
        within time: SearchTime
    ) throws -> FoundLastCommits {
        let cache = LastCommitCache(of: self.path)
        if let known = try cache.find(path, at: commit), known.tree == tree.id {
            return FoundLastCommits(
                commits: known.places.map { known.commits[$0] },
                sizes: known.sizes,
                isComplete: true
            )
        }
        let knownCommits = try cache.commits(of: path)
        let walk = try LastCommitWalk(of: tree, at: path, from: commit, in: self) {
            knownCommits.contains($0) ? try cache.find(path, at: $0) : nil
        }
        // The other half is for reading what the walk has found.
        try walk.run(in: self) { time.isHalfOver }
        var summaries = walk.summaries
        for case let id? in walk.found where summaries[id] == nil {
            if time.isOver { break }
            summaries[id] = try summary(of: id)
        }
        let commits = walk.found.map { id in id.flatMap { summaries[$0] } }
        var found = FoundLastCommits(commits: commits, sizes: [], isComplete: !commits.contains(nil))
        guard found.isComplete else { return found }
        // Thousands of headers take longer than all the rest.
        found.sizes = try zip(walk.sizes, entries(of: tree, at: path)).map { known, entry in
            if let known { known } else { try sizeBytes(of: entry) }
        }
        // A cache that cannot be written costs time, and nobody an answer.
        try? cache.store(
            answers(found, of: tree, at: path),
            at: commit,
            origin: walk.origin
        )
        return found
    }

    private func answers(_ found: FoundLastCommits, of tree: RawTree, at path: TreePath) -> LastCommits {
        var places: [ObjectID: Int] = [:]
        var commits: [CommitSummary] = []
        let entryPlaces = found.commits.compactMap(\.self).map { commit in
            if let place = places[commit.id] { return place }
            places[commit.id] = commits.count
            commits.append(commit)
            return commits.count - 1
        }
        return LastCommits(
            path: path,
            tree: tree.id,
            commits: commits,
            places: entryPlaces,
            sizes: found.sizes
        )
    }

    func summary(of id: ObjectID) throws -> CommitSummary {
        let commit = try commit(id)
        let text = commit.summary
        return CommitSummary(
            id: id,
            summary: text.utf8.count <= CommitSummary.mostBytes
                ? text : String(decoding: text.utf8.prefix(CommitSummary.mostBytes), as: UTF8.self),
            author: commit.author,
            committedSeconds: commit.committer.seconds
        )
    }
}
