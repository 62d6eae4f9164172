import Core
import Database
import FoundationEssentials
import Repositories
import TestSupport
import Testing

private let place = ProcessInfo.processInfo.environment["LARGE_REPOSITORY"]

/// Measures reads of the repository that `roost-bench large-repository` writes, where `LARGE_REPOSITORY` says it lies.
@Suite(.enabled(if: place != nil)) struct LargeRepositoryTests {
    private static let limit = Duration.milliseconds(50)

    @Test func `what a page shows of a large repository is read in 50 ms`() async throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createSymbolicLink(
            atPath: folder.path + "/7.git",
            withDestinationPath: try #require(place)
        )
        try await withDatabase(on: .sqlite, migrations: []) { database in
            let git = Repositories(database: database, folder: folder.path)
                .reading(for: Caller(name: "ann", workspace: WorkspaceID(key: 7)))
            let main = try Revision("main")
            let path = try TreePath("data")
            _ = try await git.folder(at: path, of: main, with: .lastCommits(waitMs: 0))
            try await git.finishSearches()

            let listing = try await median("5,000 entries with last commits") {
                let listing = try await git.folder(at: path, of: main, with: .lastCommits(waitMs: 0))
                #expect(listing.entries.count == 5_000 && listing.hasAllLastCommits)
            }
            let log = try await median("log of 100") {
                let page = try await git.log(main, LogQuery(limit: 100))
                #expect(page.commits.count == 100)
            }
            let diff = try await median("diff of a commit") {
                let diff = try await git.diff(of: main)
                #expect(!diff.files.isEmpty)
            }
            #expect(listing < Self.limit && log < Self.limit && diff < Self.limit)
        }
        try folder.remove()
    }

    private func median(_ name: String, _ body: () async throws -> Void) async throws -> Duration {
        var taken: [Duration] = []
        for _ in 0..<9 {
            let start = ContinuousClock.now
            try await body()
            taken.append(start.duration(to: .now))
        }
        taken.sort()
        print(
            "\(name): \(taken[taken.count / 2] / .milliseconds(1)) ms, at most \((taken.last ?? .zero) / .milliseconds(1)) ms"
        )
        return taken[taken.count / 2]
    }
}
