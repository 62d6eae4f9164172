import Core
import Database
import Foundation
import TestSupport
import Testing

@testable import Repositories

/// A server that is killed while it writes a ref leaves the lock of the ref.
@Suite struct StaleLocksTests {
    private static let locks = [
        "refs/heads/main.lock", "refs/heads/a/b.lock", "packed-refs.lock", "HEAD.lock",
    ]
    /// Of somebody who tends the repository.
    private static let others = ["objects/info/commit-graph.lock", "config.lock"]

    @Test func `what a killed server has locked is free once its processes have ended`() async throws {
        try await withRepositories { place in
            let log = place.repositories.refLog
            let change = RefChange("refs/heads/main", from: nil, to: nil)
            _ = try await log.note([change], by: bob)
            try FileManager.default.createDirectory(
                atPath: place.path + "/refs/heads/a",
                withIntermediateDirectories: true
            )
            for lock in Self.locks + Self.others {
                try Data().write(to: URL(filePath: "\(place.path)/\(lock)"))
            }
            let later = Clock.system.nowMs() + 60_000

            try await log.recover(begunBefore: later, forgets: false)
            #expect(left(in: place) == Self.locks)
            // They are of somebody who has begun since.
            try await log.recover(begunBefore: Clock.system.nowMs() - 60_000)
            #expect(left(in: place) == Self.locks)

            _ = try await log.note([change], by: bob)
            try await log.recover(begunBefore: later)
            #expect(left(in: place) == [])
            #expect(left(in: place, of: Self.others) == Self.others)
            try await place.repositories.storage.removeLocks(.all, of: iris, madeBefore: later)
            #expect(left(in: place, of: Self.others) == [])
            #expect(try await place.git("symbolic-ref", "HEAD", in: place.path) == "refs/heads/main")
        }
    }

    /// A push by SSH outlives the server.
    @Test func `a lock stays while a process works in the repository`() async throws {
        try await withRepositories { place in
            let log = place.repositories.refLog
            _ = try await log.note([RefChange("refs/heads/main", from: nil, to: nil)], by: bob)
            try Data().write(to: URL(filePath: "\(place.path)/HEAD.lock"))
            let later = Clock.system.nowMs() + 60_000
            let (process, input, output) = (Process(), Pipe(), Pipe())
            process.executableURL = URL(filePath: "/usr/bin/env")
            process.arguments = ["git", "--git-dir=\(place.path)", "cat-file", "--batch-check"]
            (process.standardInput, process.standardOutput) = (input, output)
            try process.run()
            // It answers once it has become `git`.
            try input.fileHandleForWriting.write(contentsOf: Data("HEAD\n".utf8))
            #expect(try output.fileHandleForReading.read(upToCount: 1) != nil)

            try await log.recover(begunBefore: later)
            #expect(left(in: place) == ["HEAD.lock"])

            // One that began later has not made it.
            let earlierMs = Clock.system.nowMs() - 3_600_000
            #expect(try LivingGit.works(in: place.path, begunBefore: earlierMs) == false)

            try input.fileHandleForWriting.close()
            process.waitUntilExit()
            try await log.recover(begunBefore: later)
            #expect(left(in: place) == [])
        }
    }

    @Test func `a repository that cannot be read keeps no other from being looked at`() async throws {
        try await withRepositories { place in
            let log = place.repositories.refLog
            let broken = [WorkspaceID(key: 6), WorkspaceID(key: 8), WorkspaceID(key: 9)]
            for workspace in broken {
                try await place.repositories.storage.create(workspace)
                try Data("nonsense".utf8).write(
                    to: URL(filePath: place.repositories.path(of: workspace) + "/HEAD")
                )
            }
            for workspace in broken + [iris] {
                _ = try await log.note([], by: Caller(name: "bob", workspace: workspace))
            }

            await #expect(throws: (any Error).self) { try await log.recover(begunBefore: 2_000) }

            let left = try await place.database.read { connection in
                try connection.rows("SELECT workspace_id FROM pushes ORDER BY push_key") { $0.int(0) }
            }
            #expect(left == broken.map(\.key))
        }
    }

    @Test func `a change of a ref that stays locked fails, and is not tried again and again`() async throws {
        try await withRepositories { place in
            var writer = place.repositories.git(for: Pusher(bob, isAdmin: false))
            writer.patience = .milliseconds(50)
            try Data().write(to: URL(filePath: place.path + "/refs/heads/main.lock"))
            let request = CommitRequest(
                on: try BranchName("main"),
                [.create(try WritablePath("a.txt"), .bytes([]))],
                message: "Add",
                by: Signature(name: "bob", email: "bob@example.org", seconds: 1_000)
            )

            await expectFailure(.unavailable, containing: "'refs/heads/main' is locked") {
                _ = try await writer.commit(request)
            }
        }
    }

    @Test func `a change waits for who writes the same ref`() async throws {
        try await withRepositories { place in
            let writer = place.repositories.git(for: Pusher(bob, isAdmin: false))
            let person = Signature(name: "bob", email: "bob@example.org", seconds: 1_000)
            let lock = place.path + "/refs/heads/main.lock"
            try Data().write(to: URL(filePath: lock))
            let request = CommitRequest(
                on: try BranchName("main"),
                [.create(try WritablePath("a.txt"), .bytes([]))],
                message: "Add",
                by: person
            )

            async let outcome = writer.commit(request)
            // The change is under way once it is noted.
            while try await place.database.read({ connection in
                try connection.first("SELECT COUNT(*) FROM pushes") { $0.int(0) }
            }) == 0 { await Task.yield() }
            try FileManager.default.removeItem(atPath: lock)

            let commit = try await outcome.commit
            #expect(try await writer.branch(BranchName("main")).commit == commit)
        }
    }

    private func left(in place: Place, of locks: [String] = Self.locks) -> [String] {
        locks.filter { FileManager.default.fileExists(atPath: "\(place.path)/\($0)") }
    }
}
