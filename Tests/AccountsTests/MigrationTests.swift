import Accounts
import Core
import Database
import Events
import TestSupport
import Testing

@Suite struct MigrationTests {
    /// SQLite makes the table of teams anew, and what refers to it would go with the old one.
    @Test(arguments: Backend.available)
    func `teams keep their people and repositories, and numbers that were theirs`(
        on backend: Backend
    ) async throws {
        let all = EventMigrations.all + AccountMigrations.all
        let old = all.filter { $0.name != "accounts 0009 numbers of teams" }
        try await withDatabase(on: backend, migrations: old) { database in
            let cast = Cast(accounts: Accounts(database: database) { _, _ in }, database: database)
            let ann = try await cast.person("ann")
            let lab = try await cast.organization("lab", [ann.id: .admin])
            let place = try await cast.repository("iris", of: "lab", by: ann)
            try await cast.team(of: lab, .write, member: ann.id, in: place)

            try await database.migrate(all)

            func count(_ table: String) async throws -> Int64? {
                try await database.read { connection in
                    try connection.first("SELECT COUNT(*) FROM \(SQL(trusted: table))") { $0.int(0) }
                }
            }
            let tables = ["teams", "team_members", "team_repositories"]
            for table in tables { #expect(try await count(table) == 1, "\(table)") }
            let store = cast.accounts.teams(of: lab, for: ann)
            let first = try #require(try await store.list(PageRequest()).elements.first)
            try await store.delete(first.id)
            for table in tables { #expect(try await count(table) == 0, "\(table)") }
            #expect(try await store.create(TeamChange(name: "next")).id > first.id)
        }
    }
}
