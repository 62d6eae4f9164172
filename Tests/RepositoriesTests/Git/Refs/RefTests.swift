import Core
import Repositories
import Testing

@Suite struct RefTests {
    @Test func `branches and tags are listed in order, page by page`() async throws {
        try await withScratch { scratch in
            try await scratch.sh(
                """
                commit one; git branch feature/a; git branch zebra; git tag v1
                tick; git tag -a v2 -m 'The second

                With a body' ; git pack-refs --all; git branch b
                """
            )
            let one = try await scratch.id("main")

            let branches = try await scratch.git.branches(limit: 10)
            #expect(branches.map(\.name.text) == ["b", "feature/a", "main", "zebra"])
            #expect(branches.allSatisfy { $0.commit == one })
            #expect(branches.filter(\.isDefault).map(\.name.text) == ["main"])
            let second = try await scratch.git.branches(after: BranchName("feature/a"), limit: 1)
            #expect(second.map(\.name.text) == ["main"])

            let tags = try await scratch.git.tags(limit: 10)
            #expect(tags.map(\.name.text) == ["v1", "v2"])
            #expect(tags[0].tagger == nil && tags[0].message == nil && tags[0].commit == one)
            #expect(tags[1].message == "The second\n\nWith a body\n")
            #expect(tags[1].tagger?.name == "Bob" && tags[1].commit == one && tags[1].object != one)
        }
    }

    @Test func `refs are found by their name in full or by what lies above them`() async throws {
        try await withScratch { scratch in
            try await scratch.sh(
                """
                commit one; git branch feature/a; git branch feature/b; git branch features; git tag v1
                tick; git tag -a v2 -m two; git update-ref refs/notes/commits main; git update-ref refs/hidden/x main
                """
            )
            let git = scratch.git

            let all = try await git.refs(at: "refs", limit: 10)
            #expect(
                all.map(\.name) == [
                    "refs/heads/feature/a", "refs/heads/feature/b", "refs/heads/features", "refs/heads/main",
                    "refs/notes/commits", "refs/tags/v1", "refs/tags/v2",
                ]
            )
            #expect(all.map(\.kind) == [.commit, .commit, .commit, .commit, .commit, .commit, .tag])
            let below = try await git.refs(at: "refs/heads/feature", limit: 10)
            #expect(below.map(\.name) == ["refs/heads/feature/a", "refs/heads/feature/b"])
            #expect(try await git.refs(at: "refs/heads/main", limit: 10).map(\.name) == ["refs/heads/main"])
            #expect(try await git.refs(at: "refs/heads/ma", limit: 10).isEmpty)
            #expect(try await git.refs(at: "refs", limit: 2).count == 2)
        }
    }

    @Test func `an empty repository has a default branch and no commit`() async throws {
        try await withScratch { scratch in
            let isEmpty = try await scratch.git.isEmpty()
            #expect(isEmpty)
            #expect(try await scratch.git.defaultBranch() == BranchName("main"))
            #expect(try await scratch.git.branches(limit: 10).isEmpty)
            await #expect(throws: Failure.self) { try await scratch.git.resolve(Revision("HEAD")) }
        }
    }

    @Test func `a repository that is not there is missing`() async throws {
        try await withScratch { scratch in
            let other = Caller(name: "ann", workspace: WorkspaceID(key: 8))
            let failure = await #expect(throws: Failure.self) {
                try await scratch.repositories.reading(for: other).branches(limit: 1)
            }
            #expect(failure?.code == .missing)
        }
    }

    @Test func `a branch comes before a tag, and both before an id`() async throws {
        try await withScratch { scratch in
            try await scratch.sh(
                """
                commit one; git tag both; short=$(git rev-parse --short=4 HEAD)
                commit two; git branch both; git branch "$short"; git tag -a -m x annotated main^
                git update-ref refs/notes/x main^
                """
            )
            let (one, two) = (try await scratch.id("main^"), try await scratch.id("main"))
            func resolve(_ text: String) async throws -> ResolvedRevision {
                try await scratch.git.resolve(Revision(text))
            }

            let (both, annotated) = (try BranchName("both"), try TagName("annotated"))
            #expect(try await resolve("both") == ResolvedRevision(kind: .branch(both), commit: two))
            #expect(try await resolve("refs/tags/both").commit == one)
            #expect(try await resolve("refs/heads/both").commit == two)
            #expect(try await resolve("annotated") == ResolvedRevision(kind: .tag(annotated), commit: one))
            #expect(try await resolve(String("\(one)".prefix(4))).commit == two)
            #expect(
                try await resolve(String("\(one)".prefix(9))) == ResolvedRevision(kind: .commit, commit: one)
            )
            #expect(try await resolve("\(one)".uppercased()).commit == one)
            #expect(try await resolve("HEAD").commit == two)
            #expect(try await resolve("refs/notes/x") == ResolvedRevision(kind: .commit, commit: one))
            let tag = try await scratch.id("refs/tags/annotated")
            #expect(try await resolve("\(tag)").commit == one)
            for absent in ["nothing", "0000", "\(try await scratch.id("main^{tree}"))", "refs/heads/nothing"]
            {
                let failure = await #expect(throws: Failure.self) { try await resolve(absent) }
                #expect(failure?.code == .missing)
            }
        }
    }

    @Test func `an address is split at the longest ref`() async throws {
        try await withScratch { scratch in
            try await scratch.sh("commit one; git branch feature/a; git tag feature/a/b; git branch docs")
            let one = try await scratch.id("main")
            func split(_ text: String) async throws -> String {
                let (found, path) = try await scratch.git.split(Array(text.utf8))
                return "\(found.kind) \(path)"
            }

            let feature = try BranchName("feature/a")
            #expect(try await split("feature/a/x/y.md") == "\(ResolvedRevision.Kind.branch(feature)) x/y.md")
            #expect(try await split("feature/a") == "\(ResolvedRevision.Kind.branch(feature)) ")
            let tag = try TagName("feature/a/b")
            #expect(try await split("feature/a/b/c") == "\(ResolvedRevision.Kind.tag(tag)) c")
            let docs = try BranchName("docs")
            #expect(try await split("refs/heads/docs/docs") == "\(ResolvedRevision.Kind.branch(docs)) docs")
            #expect(try await split("\(one)/a/b c") == "\(ResolvedRevision.Kind.commit) a/b c")
            let (_, path) = try await scratch.git.split(Array("main/a".utf8) + [0xFF])
            #expect(path.bytes == [0x61, 0xFF])
            await #expect(throws: Failure.self) { try await split("feature/x") }
            await #expect(throws: Failure.self) { try await split("main/../x") }
        }
    }
}
