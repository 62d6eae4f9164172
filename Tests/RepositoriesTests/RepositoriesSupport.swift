import Core
import Database
import Events
import ObjectStore
import Repositories
import TestSupport

let iris = WorkspaceID(key: 7)
/// The cast: `ann` is an admin of iris, `bob` writes.
let ann = Caller(name: "ann", account: AccountID(key: 1), workspace: iris)
let bob = Caller(name: "bob", account: AccountID(key: 2), workspace: iris)

/// The repositories of a test, and a person's `git` beside them.
struct Place: Sendable {
    let repositories: Repositories
    let database: any Database
    let git: GitClient

    var path: String { repositories.path(of: iris) }

    /// Makes an empty commit in the repository itself.
    func commit(_ message: String, on parent: String? = nil) async throws -> String {
        let tree = try await git("mktree", in: path)
        guard let parent else { return try await git("commit-tree", tree, "-m", message, in: path) }
        return try await git("commit-tree", tree, "-m", message, "-p", parent, in: path)
    }

    /// What the log says, a line each.
    func events() async throws -> [String] {
        try await database.read { connection in
            try EventLog.read(for: ann, after: 0, limit: 1_000, in: connection)
        }.map { "\($0.actor) \($0.kind.rawValue) \($0.subject) \($0.details)" }
    }
}

/// Runs a test with an empty repository `iris`.
func withRepositories<T>(
    on backend: Backend = .sqlite,
    clock: TestClock = TestClock(),
    mirrors: MirrorMeans = MirrorMeans(),
    conversations: ConversationLimits = .standard,
    _ body: (Place) async throws -> T
) async throws -> T {
    let folder = try TemporaryFolder()
    let result = try await withDatabase(
        on: backend,
        migrations: EventMigrations.all + ObjectStoreMigrations.all + RepositoryMigrations.all,
        clock: clock.clock
    ) { database in
        let repositories = Repositories(
            database: database,
            folder: folder.path + "/repositories",
            conversations: conversations,
            mirrors: mirrors
        )
        try repositories.storage.prepare(program: "/bin/false")
        try await repositories.storage.create(iris)
        return try await body(
            Place(repositories: repositories, database: database, git: GitClient(home: folder.path))
        )
    }
    try folder.remove()
    return result
}
