import Core

/// What is wanted of the entries of a folder beside names, kinds and ids.
package enum FolderDetails: Sendable, Hashable {
    case none
    case sizes
    /// Sizes, and the last commit of each as far as it is found within so many milliseconds.
    case lastCommits(waitMs: Int)
}

extension Git {
    /// The entries of a folder.
    ///
    /// Last commits are found in one walk through the history and kept. Where that takes longer than one waits, the
    /// listing comes without some of them (`hasAllLastCommits`), and the search goes on by itself.
    ///
    /// - Throws: `Failure.missing` if there is no such revision, or no folder at the path.
    package func folder(
        at path: TreePath = .root,
        of revision: Revision,
        with details: FolderDetails = .none
    ) async throws -> FolderListing {
        let listing = try await run { repository in
            let commit = try repository.resolve(revision).commit
            guard let id = try repository.folder(at: path, of: repository.links(of: commit).tree) else {
                throw Failure.missing("No folder '\(path)' at '\(revision)'")
            }
            return try repository.listing(
                of: RawTree(id, in: repository),
                at: path,
                commit: commit,
                with: details
            )
        }
        if case .lastCommits = details, !listing.hasAllLastCommits { search(path, at: listing.commit) }
        return listing
    }

    /// Carries the last commits that are known of a branch over to its new commit, and finds those of large folders.
    ///
    /// It is for whoever follows up on changes of refs; the work is done later, on a thread of its own.
    package func refreshLastCommits(after changes: [RefUpdate]) async throws {
        let searches = try await run { repository in
            let cache = LastCommitCache(of: repository.path)
            let head = try repository.defaultBranch()?.ref
            var searches: [(TreePath, ObjectID)] = []
            for change in changes where change.ref.hasPrefix("refs/heads/") {
                guard let after = change.after else { continue }
                var paths = Set(change.before.map { cache.paths(at: $0) } ?? [])
                if change.ref == head { paths.formUnion(try repository.largeFolders(of: after)) }
                searches += paths.sorted().map { ($0, after) }
            }
            return searches
        }
        for (path, commit) in searches { search(path, at: commit) }
    }

    /// Waits until searches that were begun before are done.
    package func finishSearches() async throws {
        try await searches.finish()
    }

    private func search(_ path: TreePath, at commit: ObjectID) {
        searches.begin(of: path, at: commit, in: self.path)
    }
}

extension OpenRepository {
    fileprivate func listing(
        of tree: RawTree,
        at path: TreePath,
        commit: ObjectID,
        with details: FolderDetails
    ) throws -> FolderListing {
        var entries = entries(of: tree, at: path)
        var hasAll = false
        switch details {
        case .none:
            break
        case .sizes:
            for index in entries.indices { entries[index].sizeBytes = try sizeBytes(of: entries[index]) }
        case .lastCommits(let waitMs):
            let time = SearchTime(limit: .milliseconds(waitMs))
            let found = try lastCommits(of: tree, at: path, from: commit, within: time)
            hasAll = found.isComplete
            for index in entries.indices {
                entries[index].lastCommit = found.commits[index]
                entries[index].sizeBytes =
                    found.isComplete ? found.sizes[index] : try sizeBytes(of: entries[index])
            }
        }
        return FolderListing(
            path: path,
            commit: commit,
            tree: tree.id,
            entries: entries,
            hasAllLastCommits: hasAll
        )
    }

    /// The root, and folders whose last commits take long to find when somebody waits; a bounded look around.
    fileprivate func largeFolders(of commit: ObjectID) throws -> [TreePath] {
        let (mostFolders, largeCount) = (2_000, 200)
        var found: [TreePath] = [.root]
        var waiting: [(TreePath, ObjectID)] = [(.root, try links(of: commit).tree)]
        var place = 0
        while place < waiting.count {
            let (path, id) = waiting[place]
            place += 1
            let tree = try RawTree(id, in: self)
            if tree.entries.count >= largeCount, !path.isRoot { found.append(path) }
            for entry in tree.entries where entry.isTree && waiting.count < mostFolders {
                waiting.append((path.appending(tree.name(entry)), tree.target(entry)))
            }
        }
        return Array(found.prefix(32))
    }
}
