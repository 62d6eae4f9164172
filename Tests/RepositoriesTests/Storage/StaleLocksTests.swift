import Core
import Database
import Foundation
import Repositories
import TestSupport
import Testing

/// A server that is killed while it writes a ref leaves the lock of the ref.
@Suite struct StaleLocksTests {
    private static let locks = [
        "refs/heads/main.lock", "refs/heads/a/b.lock", "packed-refs.lock", "HEAD.lock",
    ]

    @Test func `what a killed server has locked is free once its processes have ended`() async throws {
        try await withRepositories { place in
            let log = place.repositories.refLog
            let change = RefChange("refs/heads/main", from: nil, to: nil)
            _ = try await log.note([change], by: bob)
            try FileManager.default.createDirectory(
                atPath: place.path + "/refs/heads/a",
                withIntermediateDirectories: true
            )
            for lock in Self.locks { try Data().write(to: URL(filePath: "\(place.path)/\(lock)")) }
            let later = Clock.system.nowMs() + 60_000

            try await log.recover(begunBefore: later, forgets: false)
            #expect(left(in: place) == Self.locks)
            // They are of somebody who has begun since.
            try await log.recover(begunBefore: Clock.system.nowMs() - 60_000)
            #expect(left(in: place) == Self.locks)

            _ = try await log.note([change], by: bob)
            try await log.recover(begunBefore: later)
            #expect(left(in: place) == [])
            #expect(try await place.git("symbolic-ref", "HEAD", in: place.path) == "refs/heads/main")
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

    private func left(in place: Place) -> [String] {
        Self.locks.filter { FileManager.default.fileExists(atPath: "\(place.path)/\($0)") }
    }
}
