import Accounts
import Core
import HTTP
import HTTPTypes
import Repositories
import Tracking

extension Web {
    /// Of so many branches and tags it is told whether a commit is their tip.
    private static let mostRefs = 1_000
    /// Runs of commits are looked for in so many experiments, and so many are found.
    private static let (mostExperiments, mostRuns) = (1_000, 500)
    /// So long a page looks for the commits of a history.
    private static let historyLimit = Duration.seconds(5)

    var commitEndpoints: [Endpoint] {
        [
            repositoryPage("commits") { repository in
                guard let start = try await repository.start() else {
                    return NoCommitsPage(repository: repository)
                }
                return try await commitsPage(start, .root, repository)
            },
            repositoryPage("commits/**") { repository in
                let (revision, path) = try await repository.split(repository.visit.call.rest)
                return try await commitsPage(revision, path, repository)
            },
            repositoryPage("commit/:sha") { try await commitPage($0) },
            Endpoint(.get, "commit-runs.json", in: .repositoryPages, needs: .read) { call in
                let ids = call.query.all("sha").prefix(CommitsPage.rowsPerPage).compactMap { ObjectID($0) }
                let found = try await runs(of: ids, for: call.caller)
                let counts = found.runs.reduce(into: [String: Int64]()) { counts, run in
                    if let id = run.commit { counts[id, default: 0] += 1 }
                }
                return .json { json in
                    json.field("has_more", found.hasMore)
                    json.array("commits") { json in
                        for (id, count) in counts.sorted(by: { $0.key < $1.key }) {
                            json.object { json in
                                json.field("sha", id)
                                json.field("runs", count)
                            }
                        }
                    }
                }
            },
        ]
    }

    private func commitsPage(
        _ revision: ResolvedRevision,
        _ path: TreePath,
        _ repository: RepositoryVisit
    ) async throws -> CommitsPage {
        let page = repository.visit.pageNumber()
        var query = LogQuery(path: path, limit: CommitsPage.rowsPerPage)
        query.skip = (page - 1) * CommitsPage.rowsPerPage
        query.timeLimit = Self.historyLimit
        async let switcher = switcher(.commits, revision, path, repository)
        let found = try await repository.content.log(Revision(revision.commit), query)
        return CommitsPage(
            repository: repository,
            revision: revision,
            path: path,
            commits: found.commits,
            hasMore: found.hasMore,
            isWhole: found.isWhole,
            page: page,
            switcher: try await switcher
        )
    }

    private func commitPage(_ repository: RepositoryVisit) async throws -> CommitPage {
        let visit = repository.visit
        let content = repository.content
        let commit = try await content.commit(Revision(visit.call.parameter("sha")))
        async let branches = content.branches(limit: Self.mostRefs)
        async let tags = content.tags(limit: Self.mostRefs)
        async let runs = runs(of: [commit.id], for: visit.caller)
        let diff = try await content.diff(of: Revision(commit.id), DiffView.query(of: visit))
        let (allBranches, allTags) = try await (branches, tags)
        return try await CommitPage(
            repository: repository,
            commit: commit,
            branches: allBranches.filter { $0.commit == commit.id }.map(\.name),
            tags: allTags.filter { $0.commit == commit.id },
            mayHaveMoreRefs: max(allBranches.count, allTags.count) == Self.mostRefs,
            diff: diffView(of: diff, from: commit.parents.first, to: commit.id, repository),
            made: runs
        )
    }

    /// The runs that say that they were made from one of these commits, the latest first, and whether there may be more.
    private func runs(
        of commits: [ObjectID],
        for caller: Caller
    ) async throws -> (runs: [Run], hasMore: Bool) {
        guard !commits.isEmpty else { return ([], false) }
        // Ids are digits, which mean nothing to the grammar.
        let terms = commits.map { "tags.`\(Run.commitTag)` = '\($0)'" }
        let found = try await latestRuns(
            where: terms.joined(separator: " OR "),
            most: Self.mostRuns,
            inExperiments: Self.mostExperiments,
            for: caller
        )
        return (found.runs, found.hasMore || found.hasMoreExperiments)
    }

    /// The runs of a workspace, the latest first, with the experiments that were looked through.
    ///
    /// - Parameters:
    ///   - filter: What they are like; nil for all.
    ///   - most: How many at the most.
    ///   - mostExperiments: How many experiments are looked through.
    ///   - caller: Who looks, and where.
    /// - Returns: The runs and the experiments, and whether there are more of either.
    /// - Throws: What the store throws.
    func latestRuns(
        where filter: String?,
        most: Int,
        inExperiments mostExperiments: Int,
        for caller: Caller
    ) async throws -> (runs: [Run], hasMore: Bool, experiments: [Experiment], hasMoreExperiments: Bool) {
        let (experiments, next) = try await tracking.experiments(for: caller).search(
            ExperimentSearch(
                filter: nil,
                orderBy: [],
                viewType: .activeOnly,
                limit: mostExperiments,
                pageToken: nil
            )
        )
        let (runs, nextRun) = try await tracking.runs(for: caller).search(
            RunSearch(
                experimentIDs: experiments.map(\.id),
                filter: filter,
                orderBy: ["attributes.start_time DESC"],
                viewType: .activeOnly,
                limit: most,
                pageToken: nil
            )
        )
        return (runs, nextRun != nil, experiments, next != nil)
    }
}

extension Run {
    /// The tag by which MLflow's clients say from which commit a run was made.
    static let commitTag = "mlflow.source.git.commit"

    var commit: String? { tags.first { $0.key == Self.commitTag }?.value }
}

/// The history of a repository to which nothing was pushed.
struct NoCommitsPage: Page {
    let repository: RepositoryVisit

    var title: String { "Commits · \(repository.place.fullName)" }
    var crumbs: [Crumb] { repository.crumbs + [Crumb("Commits")] }
    var tab: Tab? { .commits }
    var styles: [String] { ["repository/repository.css"] }
    var ways: [Way] { [.json(repository.api)] }
    var body: HTML { "<h1>Commits</h1>\(EmptyRepository(repository: repository).html)" }
}
