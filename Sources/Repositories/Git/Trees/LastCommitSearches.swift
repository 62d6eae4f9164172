import NIOPosix
import Synchronization

/// Searches for last commits that nobody waits for, one at a time, each only once.
final class LastCommitSearches: Sendable {
    private static let thread: NIOThreadPool = {
        let thread = NIOThreadPool(numberOfThreads: 1)
        thread.start()
        return thread
    }()

    private struct Search: Hashable {
        let repository: String
        let path: TreePath
        let commit: ObjectID
    }

    /// Beyond so many of a repository nothing is begun; whoever asks again begins it then.
    private let mostWaiting = 64
    /// A search that takes longer is given up.
    private static let limit = Duration.seconds(300)
    private let waiting = Mutex<Set<Search>>([])

    /// Begins a search whose answers come to the cache.
    ///
    /// One that fails leaves nothing; whoever asks again meets what it met.
    func begin(of path: TreePath, at commit: ObjectID, in repository: String) {
        let search = Search(repository: repository, path: path, commit: commit)
        let isNew = waiting.withLock { waiting in
            let count = waiting.count { $0.repository == repository }
            return count < mostWaiting && waiting.insert(search).inserted
        }
        guard isNew else { return }
        Self.thread.submit { state in
            defer { _ = self.waiting.withLock { $0.remove(search) } }
            guard case .active = state else { return }
            try? Self.run(search)
        }
    }

    /// Waits until what was begun before is done.
    func finish() async throws {
        try await Self.thread.runIfActive {}
    }

    private static func run(_ search: Search) throws {
        let repository = try OpenRepository(path: search.repository)
        let links = try repository.links(of: search.commit)
        guard let id = try repository.folder(at: search.path, of: links.tree) else { return }
        _ = try repository.lastCommits(
            of: RawTree(id, in: repository),
            at: search.path,
            from: search.commit,
            within: SearchTime(limit: limit)
        )
    }
}
