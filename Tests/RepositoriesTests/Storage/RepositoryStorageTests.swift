import Core
import Database
import FoundationEssentials
import TestSupport
import Testing

@testable import Repositories

@Suite struct RepositoryStorageTests {
    @Test func `an empty repository is bare, without hooks, on main`() async throws {
        try await withRepositories { place in
            let head = try await place.git("symbolic-ref", "HEAD", in: place.path)
            let isBare = try await place.git("rev-parse", "--is-bare-repository", in: place.path)

            #expect(head == "refs/heads/main")
            #expect(isBare == "true")
            #expect(!FileManager.default.fileExists(atPath: place.path + "/hooks"))
            #expect(place.repositories.storage.exists(iris))
            #expect(!place.repositories.storage.exists(WorkspaceID(key: 8)))
        }
    }

    @Test func `a branch that git refuses is the fault of who asked`() async throws {
        try await withRepositories { place in
            await #expect(throws: Failure.self) {
                try await place.repositories.storage.create(WorkspaceID(key: 8), branch: "a..b")
            }
            #expect(!place.repositories.storage.exists(WorkspaceID(key: 8)))
            try await place.repositories.storage.create(WorkspaceID(key: 8), branch: "trunk")
            #expect(place.repositories.storage.exists(WorkspaceID(key: 8)))
        }
    }

    @Test func `many who make the same repository have it once, and nothing is left over`() async throws {
        try await withRepositories { place in
            let storage = place.repositories.storage
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 { group.addTask { try await storage.ensure(WorkspaceID(key: 8)) } }
                try await group.waitForAll()
            }
            let folder = place.git.home + "/repositories"
            try FileManager.default.createDirectory(
                atPath: folder + "/9.git.draft-1/objects",
                withIntermediateDirectories: true
            )

            try storage.prepare(program: "/bin/false")

            let names = try FileManager.default.contentsOfDirectory(atPath: folder)
            #expect(Set(names) == [".server", "7.git", "8.git"])
        }
    }

    @Test func `a fork outlives its parent`() async throws {
        try await withRepositories { place in
            let first = try await place.commit("one")
            for name in ["heads/trunk", "tags/v1", "notes/commits", "pull/1/head"] {
                try await place.git("update-ref", "refs/\(name)", first, in: place.path)
            }
            try await place.git("symbolic-ref", "HEAD", "refs/heads/trunk", in: place.path)
            let fork = WorkspaceID(key: 9)

            try await place.repositories.storage.copy(iris, to: fork)
            try await place.repositories.storage.remove(iris)

            let path = place.repositories.path(of: fork)
            #expect(try await place.git("symbolic-ref", "HEAD", in: path) == "refs/heads/trunk")
            #expect(
                try await place.git("for-each-ref", "--format=%(refname)", in: path).split(separator: "\n")
                    == ["refs/heads/trunk", "refs/notes/commits", "refs/tags/v1"]
            )
            try await place.git("fsck", "--strict", in: path)
            #expect(!FileManager.default.fileExists(atPath: path + "/objects/info/alternates"))
            #expect(!FileManager.default.fileExists(atPath: place.path))
        }
    }

    @Test func `a removed repository takes what is known of it along`() async throws {
        try await withRepositories { place in
            let first = try await place.commit("one")
            try await place.git("update-ref", "refs/heads/main", first, in: place.path)
            try await place.repositories.refLog.record(iris, ending: [])

            try await place.repositories.storage.remove(iris)
            try await place.repositories.storage.remove(iris)

            #expect(try await place.repositories.refLog.known(iris).refs.isEmpty)
        }
    }

    @Test func `what was cleared for a push that never came to its end goes`() async throws {
        try await withRepositories { place in
            let path = place.repositories.folder + "/.server/cleared/1"
            try Data().write(to: URL(filePath: path))

            try place.repositories.storage.removeClearances(madeBefore: Clock.system.nowMs() - 60_000)
            #expect(FileManager.default.fileExists(atPath: path))
            try place.repositories.storage.removeClearances(madeBefore: Clock.system.nowMs() + 60_000)
            #expect(!FileManager.default.fileExists(atPath: path))
        }
    }

    /// Four commands of half an hour each outlived a lease of one hour.
    @Test(arguments: Backend.available)
    func `a repository that is tended is left to who does so, as long as that may take`(
        on backend: Backend
    ) async throws {
        let clock = TestClock()
        try await withRepositories(on: backend, clock: clock) { place in
            let maintenance = place.repositories.maintenance
            try await place.database.write { connection in
                _ = try connection.execute(
                    """
                    INSERT INTO git_repositories (workspace_id, refs_version, pushes_since_maintenance, maintenance_until_ms)
                    VALUES (\(iris.key), 1, 30, 0)
                    """
                )
            }

            #expect(try await maintenance.take()?.workspace == iris)
            clock.advance(byMs: 2 * 3_600_000 + 60_000)
            #expect(try await maintenance.take() == nil)
            clock.advance(byMs: 3_600_000)
            #expect(try await maintenance.take()?.workspace == iris)
        }
    }

    @Test func `thirty pushes make a repository due, and tending leaves it sound`() async throws {
        try await withRepositories { place in
            let (log, maintenance) = (place.repositories.refLog, place.repositories.maintenance)
            #expect(try await maintenance.tendNext() == nil)
            var last: String?
            for number in 0..<30 {
                last = try await place.commit("\(number)", on: last)
                try await place.git("update-ref", "refs/heads/main", last ?? "", in: place.path)
                try await log.record(iris, ending: [])
            }

            #expect(try await maintenance.tendNext() == iris)
            #expect(try await maintenance.tendNext() == nil)

            try await place.git("fsck", "--strict", in: place.path)
            try await place.git("multi-pack-index", "verify", in: place.path)
            try await place.git("commit-graph", "verify", in: place.path)
            #expect(try await place.git("count-objects", in: place.path) == "0 objects, 0 kilobytes")
            #expect(try await place.git("rev-list", "--count", "main", in: place.path) == "30")
        }
    }
}
