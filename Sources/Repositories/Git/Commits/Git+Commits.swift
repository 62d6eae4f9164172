import Core

import CGit2

/// Which commits of a history are wanted.
package struct LogQuery: Sendable {
    /// Only commits that changed this file or folder, without following renames; all for the root.
    package var path: TreePath
    /// Of merges only the side that they were made on.
    package var isFirstParentOnly = false
    /// Only commits of this time or later, in epoch seconds.
    package var sinceSeconds: Int64?
    /// Only commits of this time or earlier, in epoch seconds.
    package var untilSeconds: Int64?
    /// How many to leave out first.
    package var skip = 0
    package var limit: Int
    /// How long commits are looked for; nil for as long as it takes.
    package var timeLimit: Duration?

    /// - Parameters:
    ///   - path: What they changed; all commits for nil.
    ///   - limit: How many at most.
    package init(path: TreePath? = nil, limit: Int = 100) {
        self.path = path ?? .root
        self.limit = limit
    }
}

/// A page of a log.
package struct LogPage: Sendable {
    /// The latest first.
    package let commits: [Commit]
    /// Whether the next page has any.
    package let hasMore: Bool
    /// Whether all that belong on it were found in time.
    package let isWhole: Bool
}

/// How two histories have parted.
package struct Divergence: Sendable, Hashable {
    /// How many commits the one has that the other has not.
    package let ahead: Int
    /// How many commits the other has.
    package let behind: Int

    package init(ahead: Int, behind: Int) {
        self.ahead = ahead
        self.behind = behind
    }
}

extension Git {
    /// - Throws: `Failure.missing` if there is no such commit.
    package func commit(_ revision: Revision) async throws -> Commit {
        try await run { try $0.commit($0.resolve(revision).commit) }
    }

    /// Several commits by their ids, in their order.
    ///
    /// - Throws: `Failure.missing` if one is not there.
    package func commits(_ ids: [ObjectID]) async throws -> [Commit] {
        try await run { repository in try ids.map { try repository.commit($0) } }
    }

    /// The history of a commit, the latest first, as `git log` has it.
    ///
    /// - Throws: `Failure.missing` if there is no such revision.
    package func log(_ revision: Revision, _ query: LogQuery) async throws -> LogPage {
        let found =
            query.path.isRoot
            ? try await run { try $0.log($0.resolve(revision).commit, query) }
            : try await logOfPath(run { try $0.resolve(revision).commit }, query)
        return LogPage(
            commits: try await commits(Array(found.ids.prefix(query.limit))),
            hasMore: found.ids.count > query.limit,
            isWhole: found.isWhole
        )
    }

    /// How many commits `head` is ahead of and behind `base`.
    package func divergence(of head: Revision, from base: Revision) async throws -> Divergence {
        try await run { repository in
            try repository.divergence(
                of: repository.resolve(head).commit,
                from: repository.resolve(base).commit
            )
        }
    }

    /// How far other commits have parted from one, as far as that can be counted in time.
    ///
    /// - Returns: In the order of `heads`; nil for those for which the time was too short.
    /// - Throws: `Failure.missing` if one is not there.
    package func divergences(
        of heads: [ObjectID],
        from base: ObjectID,
        within limit: Duration
    ) async throws -> [Divergence?] {
        try await run { repository in
            let time = SearchTime(limit: limit)
            return try heads.map { try repository.divergence(of: $0, from: base, within: time) }
        }
    }

    /// The best common ancestor; nil if the histories have none.
    package func mergeBase(of first: Revision, and second: Revision) async throws -> ObjectID? {
        try await run { repository in
            try repository.mergeBase(
                of: repository.resolve(first).commit,
                and: repository.resolve(second).commit
            )
        }
    }

    /// Git's own search is quicker than ours where the repository has a commit-graph with filters for changed paths.
    private func logOfPath(_ commit: ObjectID, _ query: LogQuery) async throws -> FoundCommits {
        var arguments = ["rev-list", "--max-count=\(query.limit + 1)", "--skip=\(query.skip)"]
        if query.isFirstParentOnly { arguments.append("--first-parent") }
        if let since = query.sinceSeconds { arguments.append("--since=\(since)") }
        if let until = query.untilSeconds { arguments.append("--until=\(until)") }
        let words = (arguments + [commit.description, "--"]).map { Array($0.utf8) } + [query.path.bytes]
        let limitBytes = 41 * (query.limit + 2)
        let output =
            if let limit = query.timeLimit {
                try await reader.output(of: words, limitBytes: limitBytes, within: limit)
            } else {
                (bytes: try await reader.output(of: words, limitBytes: limitBytes), isWhole: true)
            }
        let ids = output.bytes.split(separator: UInt8(ascii: "\n")).compactMap {
            ObjectID(String(decoding: $0, as: UTF8.self))
        }
        return (ids, output.isWhole)
    }

    /// The ids of a page and of one commit more, if there is one, and whether they were found in time.
    fileprivate typealias FoundCommits = (ids: [ObjectID], isWhole: Bool)
}

extension OpenRepository {
    fileprivate func log(_ tip: ObjectID, _ query: LogQuery) throws -> Git.FoundCommits {
        let time = query.timeLimit.map { SearchTime(limit: $0) }
        var history = try History(of: tip, isFirstParentOnly: query.isFirstParentOnly, in: self)
        var found: [ObjectID] = []
        var skipped = 0
        while found.count <= query.limit, let (id, links) = try history.next() {
            if let time, time.isOver { return (found, false) }
            if let until = query.untilSeconds, links.committedSeconds > until { continue }
            if let since = query.sinceSeconds, links.committedSeconds < since { continue }
            if skipped < query.skip { skipped += 1 } else { found.append(id) }
        }
        return (found, true)
    }

    func divergence(of head: ObjectID, from base: ObjectID) throws -> Divergence {
        var (head, base) = (head.raw, base.raw)
        var (ahead, behind) = (0, 0)
        try GitLibrary.check(git_graph_ahead_behind(&ahead, &behind, pointer, &head, &base))
        return Divergence(ahead: ahead, behind: behind)
    }

    func mergeBase(of first: ObjectID, and second: ObjectID) throws -> ObjectID? {
        var (first, second, base) = (first.raw, second.raw, git_oid())
        let result = git_merge_base(&base, pointer, &first, &second)
        if result == GIT_ENOTFOUND.rawValue { return nil }
        try GitLibrary.check(result)
        return ObjectID(base)
    }
}
