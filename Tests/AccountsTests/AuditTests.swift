import Accounts
import Core
import Database
import TestSupport
import Testing

@testable import Events

@Suite struct AuditTests {
    @Test(arguments: Backend.available)
    func `rights in repositories are in the audit, also of deleted ones`(on backend: Backend) async throws {
        try await withAccounts(on: backend) { cast in
            let ann = try await cast.person("ann")
            _ = try await cast.person("eve")
            let place = try await cast.repository("iris", by: ann)
            let store = cast.accounts.repositories(for: ann)
            try await cast.accounts.collaborators(for: ann).set("eve", to: .admin, in: place.workspace)
            try await store.edit(place.workspace, RepositoryChange(visibility: .public, isArchived: true))
            try await cast.database.write { connection in
                let caller = ann.caller(in: place.workspace)
                try EventLog.append(.runCreated, to: "run/1", by: caller, in: connection)
            }
            try await store.delete(place.workspace)

            let found = try await cast.accounts.audit(EventSearch(.all), limit: 10)
            #expect(
                found.map(\.event.kind) == [
                    .repositoryDeleted, .repositoryEdited, .collaboratorSet, .repositoryCreated,
                ]
            )
            #expect(found.map(\.repository) == Array(repeating: "ann/iris", count: 4))
            #expect(found[1].event.details == #"{"visibility":"public","archived":true}"#)
            #expect(found[2].event.details == #"{"login":"eve","role":"admin"}"#)
        }
    }

    @Test(arguments: Backend.available)
    func `pages follow one another through all workspaces`(on backend: Backend) async throws {
        try await withAccounts(on: backend) { cast in
            let ann = try await cast.person("ann")
            for name in ["a", "b", "c"] { _ = try await cast.repository(name, by: ann) }
            _ = try await cast.accounts.tokens(for: ann).create(NewToken(name: "laptop"))

            var (before, seen): (Int64, [String]) = (.max, [])
            while let last = try await cast.accounts.audit(EventSearch(.all, before: before), limit: 1).first
            {
                seen.append(last.repository ?? last.event.kind.rawValue)
                before = last.event.id
            }
            #expect(seen == ["token.created", "ann/c", "ann/b", "ann/a"])

            let search = EventSearch(.all, kinds: [.tokenCreated, .runCreated], actor: "ann")
            #expect(try await cast.accounts.audit(search, limit: 10).map(\.event.kind) == [.tokenCreated])
        }
    }

    @Test(arguments: Backend.available)
    func `what a token can do and what changed of an account is told`(on backend: Backend) async throws {
        try await withAccounts(on: backend) { cast in
            let ann = try await cast.person("ann")
            let place = try await cast.repository("iris", by: ann)
            let new = try NewToken(name: "ci", role: .read, workspace: place.workspace, end: .afterDays(7))
            _ = try await cast.accounts.tokens(for: ann).create(new)
            let profiles = cast.accounts.profiles(for: ann)
            _ = try await profiles.edit(ProfileChange(location: "Oslo"), email: "ann@example.org")
            _ = try await profiles.edit(ProfileChange(location: "Oslo"), email: "ann@example.org")

            let found = try await cast.accounts.audit(EventSearch(.all), limit: 2).map(\.event)
            #expect(found.map(\.kind) == [.accountEdited, .tokenCreated])
            #expect(found[0].details == #"{"login":"ann","changed":["location","email"]}"#)
            let token = try JSON(parsing: found[1].details)
            #expect(token["role"] == "read")
            #expect(token["repository"] == "ann/iris")
            #expect(token["reaches_account"] == .boolean(false))
            #expect(token["expires_ms"] == .integer(found[1].atMs + 7 * 24 * 3_600_000))
        }
    }

    @Test(arguments: Backend.available)
    func `events of before the audit are marked, and still not edited`(on backend: Backend) async throws {
        let migrations = EventMigrations.all
        let old = migrations.filter { ["events 0001", "events 0002"].contains($0.name) }
        try await withDatabase(on: backend, migrations: old) { database in
            try await database.write { connection in
                for kind in Event.Kind.allCases {
                    try connection.execute(
                        """
                        INSERT INTO events (workspace_id, at_ms, actor, kind, subject, details)
                        VALUES (7, 0, 'ann', \(kind.rawValue), 'it', '{}')
                        """
                    )
                }
            }

            try await database.migrate(migrations)

            let found = try await database.read { connection in
                try EventLog.audited(EventSearch(.all), limit: 1_000, in: connection)
            }
            #expect(found.map(\.event.kind) == Event.Kind.audited.reversed())
            await #expect(throws: DatabaseError.self) {
                try await database.write { _ = try $0.execute("UPDATE events SET actor = 'eve'") }
            }
        }
    }

    @Test func `the audit goes by its own index`() async throws {
        try await withDatabase(on: .sqlite, migrations: EventMigrations.all) { database in
            for search in [
                EventSearch(.all), EventSearch(.all, kinds: [.tokenCreated], before: 7, actor: "ann"),
            ] {
                let steps = try await database.read { connection in
                    try connection.rows("EXPLAIN QUERY PLAN \(EventLog.auditQuery(search, limit: 100))") {
                        $0.text(3)
                    }
                }
                #expect(steps == ["SEARCH events USING INDEX audited_events (event_id>? AND event_id<?)"])
            }
        }
    }
}
