import Core
import Database
import TestSupport
import Testing

@testable import Repositories

/// A fork and what it was made of: `iris` comes from `garden`.
@Suite struct UpstreamTests {
    @Test func `a branch that has nothing of its own moves on`() async throws {
        try await withFork { fork in
            let new = try await fork.add("new.txt", in: fork.garden)
            #expect(
                try await fork.standing() == .init(branch: fork.main, divergence: .init(ahead: 0, behind: 1))
            )

            let outcome = try await fork.bring()

            #expect(outcome == .fastForwarded(from: fork.main, to: new))
            #expect(try await fork.tip() == new)
            #expect(
                try await fork.standing() == .init(branch: fork.main, divergence: .init(ahead: 0, behind: 0))
            )
            #expect(try await fork.bring() == .upToDate(from: fork.main))
            // The parent may go: nothing of the fork lies there.
            try await fork.place.repositories.storage.remove(fork.garden.workspace)
            #expect(try await fork.place.git("fsck", "--strict", "--full", in: fork.place.path) == "")
            #expect(try await fork.standing() == nil)
        }
    }

    @Test(arguments: Backend.available)
    func `a branch with commits of its own is merged, which is an event of who did it`(
        on backend: Backend
    ) async throws {
        try await withFork(on: backend) { fork in
            let theirs = try await fork.add("theirs.txt", in: fork.garden)
            let ours = try await fork.add("ours.txt", in: bob)
            #expect(
                try await fork.standing() == .init(branch: fork.main, divergence: .init(ahead: 1, behind: 1))
            )
            let refused = await #expect(throws: Failure.self) {
                try await fork.bring(isFastForwardOnly: true)
            }
            #expect(refused?.code == .invalidState)
            #expect(try await fork.tip() == ours)

            guard case .merged(let branch, let commit) = try await fork.bring() else {
                Issue.record("it was not merged")
                return
            }

            #expect(branch == fork.main)
            let merge = try await fork.place.repositories.reading(for: bob).commit(Revision(commit))
            #expect(merge.parents == [ours, theirs])
            #expect(merge.message == "Merge branch 'main' of ann/garden\n")
            #expect(try await fork.tip() == commit)
            let last = try await fork.place.events().last
            #expect(last?.hasPrefix("bob git.pushed branch/main") == true, "\(last ?? "")")
            #expect(
                last?.contains(#""after":"\#(commit)","commits":2,"forced":false"#) == true,
                "\(last ?? "")"
            )
        }
    }

    @Test func `what both have changed is named, and stays`() async throws {
        try await withFork { fork in
            _ = try await fork.add("both.txt", "theirs", in: fork.garden)
            let ours = try await fork.add("both.txt", "ours", in: bob)

            #expect(try await fork.bring() == .conflicts(from: fork.main, [try TreePath("both.txt")]))
            #expect(try await fork.tip() == ours)
        }
    }

    @Test func `a rule of the fork holds for what comes from above`() async throws {
        try await withFork { fork in
            _ = try await fork.add("new.txt", in: fork.garden)
            let before = try await fork.tip()
            let rule = RefRule(.branch, try RefPattern("main"), allowed: [.push: .init(.admins)])
            try await fork.place.repositories.refRules(for: ann).set(rule)

            let failure = await #expect(throws: Failure.self) { try await fork.bring() }

            #expect(failure?.code == .permissionDenied)
            #expect(try await fork.tip() == before)
        }
    }

    @Test(arguments: Backend.available)
    func `a fork of what was empty gets the branch when there is one`(on backend: Backend) async throws {
        try await withRepositories(on: backend) { place in
            let garden = Caller(name: "ann", account: AccountID(key: 1), workspace: WorkspaceID(key: 8))
            let fork = Fork(place: place, garden: garden, main: try BranchName("main"))
            try await place.repositories.storage.create(garden.workspace)
            let early = await #expect(throws: Failure.self) { try await fork.bring() }
            #expect(early?.code == .missing)
            let new = try await fork.add("first.txt", in: garden)

            let outcome = try await fork.bring()

            #expect(outcome == .fastForwarded(from: fork.main, to: new))
            #expect(try await fork.tip() == new)
            #expect(try await fork.bring() == .upToDate(from: fork.main))
            let last = try await place.events().last
            #expect(last?.hasPrefix("bob git.branch_created branch/main") == true, "\(last ?? "")")
        }
    }

    @Test func `the first branches go together, and others by their names`() async throws {
        try await withFork { fork in
            let repositories = fork.place.repositories
            let parent = repositories.path(of: fork.garden.workspace)
            try await fork.place.git("branch", "-m", "main", "trunk", in: parent)
            try await fork.place.git("symbolic-ref", "HEAD", "refs/heads/trunk", in: parent)
            let trunk = try BranchName("trunk")
            #expect(try await fork.standing()?.branch == trunk)

            let side = try BranchName("side")
            _ = try await repositories.git(for: Pusher(bob, isAdmin: false))
                .createBranch(side, at: Revision(fork.main))
            #expect(try await fork.standing(of: side) == nil)
            let missing = await #expect(throws: Failure.self) { try await fork.bring(into: side) }
            #expect(missing?.code == .missing)
            let absent = await #expect(throws: Failure.self) {
                try await fork.bring(into: try BranchName("nothing"))
            }
            #expect(absent?.code == .missing)
        }
    }
}

private struct Fork: Sendable {
    let place: Place
    let garden: Caller
    let main: BranchName
    let person = Signature(name: "Bob", email: "bob@example.org", seconds: 1_000)

    private var upstream: Upstream { place.repositories.upstream(garden.workspace, of: bob) }

    func standing(of branch: BranchName? = nil) async throws -> Upstream.Standing? {
        try await upstream.standing(of: branch ?? main)
    }

    func bring(
        into branch: BranchName? = nil,
        isFastForwardOnly: Bool = false
    ) async throws -> Upstream.Outcome {
        try await upstream.bring(
            into: branch ?? main,
            for: Pusher(bob, isAdmin: false),
            isFastForwardOnly: isFastForwardOnly,
            from: "ann/garden",
            by: person
        )
    }

    func tip() async throws -> ObjectID {
        try await place.repositories.reading(for: bob).branch(main).commit
    }

    /// Commits a file to `main` of somebody's repository.
    func add(_ name: String, _ text: String = "hello", in caller: Caller) async throws -> ObjectID {
        try await place.repositories.git(for: Pusher(caller, isAdmin: true)).commit(
            CommitRequest(
                on: main,
                [.create(try WritablePath(name), .bytes(Array(text.utf8)))],
                message: "Add \(name)",
                by: person
            )
        ).commit
    }
}

private func withFork(
    on backend: Backend = .sqlite,
    _ body: (Fork) async throws -> Void
) async throws {
    try await withRepositories(on: backend) { place in
        let garden = Caller(name: "ann", account: AccountID(key: 1), workspace: WorkspaceID(key: 8))
        let fork = Fork(place: place, garden: garden, main: try BranchName("main"))
        try await place.repositories.storage.create(garden.workspace)
        _ = try await fork.add("first.txt", in: garden)
        try await place.repositories.storage.copy(garden.workspace, to: iris)
        try await place.repositories.refLog.record(iris, ending: [])
        try await body(fork)
    }
}
