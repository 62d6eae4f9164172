import Core
import Database
import Glibc
import Repositories
import TestSupport
import Testing

@Suite struct GitGlanceTests {
    @Test(arguments: Backend.available)
    func `a glance tells what was pushed, how much, and which branch comes first`(
        on backend: Backend
    ) async throws {
        try await withRepositories(on: backend) { place in
            let (repositories, other) = (place.repositories, WorkspaceID(key: 9))
            let before = try #require(try await repositories.glances(at: [iris])[iris])
            #expect(before.isEmpty)
            #expect(before.defaultBranch == "main")
            #expect(before.sizeBytes == 0)

            let commit = try await place.commit("one")
            try await repositories.refLog.recording(
                [RefChange("refs/heads/trunk", from: nil, to: commit)],
                by: ann
            ) {
                _ = try await place.git("update-ref", "refs/heads/trunk", commit, in: place.path)
            }

            let glances = try await repositories.glances(at: [iris, other])
            let after = try #require(glances[iris])
            #expect(!after.isEmpty)
            #expect(after.defaultBranch == "trunk")
            #expect(after.sizeBytes > 0)
            #expect(!after.isMirror)
            #expect(glances[other]?.isEmpty == true)
        }
    }

    @Test(arguments: Backend.available)
    func `the first branch can be chosen, of those that there are`(on backend: Backend) async throws {
        try await withRepositories(on: backend) { place in
            let repositories = place.repositories
            let commit = try await place.commit("one")
            let changes = ["main", "next"].map { RefChange("refs/heads/\($0)", from: nil, to: commit) }
            try await repositories.refLog.recording(changes, by: ann) {
                for change in changes {
                    _ = try await place.git("update-ref", change.name, commit, in: place.path)
                }
            }

            let before = try await repositories.refLog.known(iris).version
            try await repositories.storage.setDefaultBranch(BranchName("next"), of: iris)

            // A push that has seen the disk before must look again.
            #expect(try await repositories.refLog.known(iris).version == before + 1)
            #expect(try await repositories.glances(at: [iris])[iris]?.defaultBranch == "next")
            #expect(try await place.git("symbolic-ref", "HEAD", in: place.path) == "refs/heads/next")
            await expectFailure(.invalidParameter, "There is no branch 'none'.") {
                try await repositories.storage.setDefaultBranch(BranchName("none"), of: iris)
            }
            try await repositories.storage.require(BranchName("main"), in: iris)
            await expectFailure(.invalidParameter, "There is no branch 'none'.") {
                try await repositories.storage.require(BranchName("none"), in: iris)
            }
        }
    }

    @Test(arguments: Backend.available)
    func `what was there before lists told of it is looked up`(on backend: Backend) async throws {
        try await withRepositories(on: backend) { place in
            let repositories = place.repositories
            let commit = try await place.commit("one")
            try await place.git("update-ref", "refs/heads/trunk", commit, in: place.path)
            try await repositories.refLog.record(iris, ending: [])
            let known = try await repositories.glances(at: [iris])[iris]
            try await place.database.write { connection in
                try connection.execute("UPDATE git_repositories SET head = NULL, size_bytes = 0")
                try connection.execute(
                    """
                    INSERT INTO git_repositories (workspace_id, refs_version, pushes_since_maintenance, maintenance_until_ms)
                    VALUES (3, 0, 0, 0)
                    """
                )
            }

            try await repositories.fillGlances()

            #expect(known?.defaultBranch == "trunk")
            #expect(try await repositories.glances(at: [iris])[iris] == known)
        }
    }

    @Test func `a folder that is packed and goes meanwhile fails no push`() async throws {
        try await withRepositories { place in
            let commit = try await place.commit("one")
            try await place.git("update-ref", "refs/heads/main", commit, in: place.path)
            let names = (0..<256).map { number in
                let digits = String(number, radix: 16)
                return digits.count == 1 ? "0\(digits)" : digits
            }
            let gone = try #require(names.first { access("\(place.path)/objects/\($0)", F_OK) != 0 })
            #expect(symlink("nowhere", "\(place.path)/objects/\(gone)") == 0)

            try await place.repositories.refLog.record(iris, ending: [])

            #expect(try await place.repositories.glances(at: [iris])[iris]?.isEmpty == false)
        }
    }

    @Test func `whoever keeps more of a push is told in its transaction`() async throws {
        try await withRepositories { place in
            let seen = Repositories(
                database: place.database,
                folder: String(place.path.dropLast("/7.git".count)),
                pushed: { workspace, connection in
                    try connection.execute(
                        "UPDATE git_repositories SET size_bytes = \(connection.nowMs) WHERE workspace_id = \(workspace.key)"
                    )
                }
            )
            let commit = try await place.commit("one")
            try await place.git("update-ref", "refs/heads/main", commit, in: place.path)

            try await seen.refLog.record(iris, ending: [])

            #expect(try await seen.glances(at: [iris])[iris]?.sizeBytes == 1_000)
        }
    }
}
