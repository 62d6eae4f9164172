import Core
import Database
import Repositories
import TestSupport
import Testing

@Suite struct RepositoriesTests {
    @Test func `a repository lies under the key of its workspace`() async throws {
        try await withDatabase(on: .sqlite, migrations: []) { database in
            let repositories = Repositories(database: database, folder: "/data/repositories")
            #expect(repositories.path(of: WorkspaceID(key: 7)) == "/data/repositories/7.git")
        }
    }
}
