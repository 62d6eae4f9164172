import Core
import Repositories
import Synchronization
import TestSupport
import Testing

@Suite struct CommitTests {
    private static let ann = Signature(
        name: "Ann",
        email: "ann@example.org",
        seconds: 1_800_000_000,
        offsetMinutes: 90
    )

    private func request(_ changes: [FileChange], on branch: String = "main") throws -> CommitRequest {
        CommitRequest(on: try BranchName(branch), changes, message: "Change\r\n\r\nBody  \n\n", by: Self.ann)
    }

    @Test func `an empty repository takes its first commit on any branch`() async throws {
        try await withScratch { scratch in
            let outcome = try await scratch.git.commit(
                request([.create(WritablePath("a/b"), .bytes(Array("x\n".utf8)))], on: "first/one")
            )
            #expect(try await scratch.id("first/one") == outcome.commit)
            #expect(
                outcome.updates.map(\.ref) == ["refs/heads/first/one"] && outcome.updates[0].before == nil
            )
            let printed = try await scratch.sh(
                "git log -1 --format='%an|%ae|%ad|%cn|%B' --date=raw first/one"
            )
            #expect(printed == "Ann|ann@example.org|1800000000 +0130|Ann|Change\n\nBody  \n")
            #expect(try await scratch.sh("git ls-tree -r --name-only first/one") == "a/b")
            #expect(try await scratch.sh("git fsck --strict --full 2>&1 | grep -v '^notice: ' || true") == "")
        }
    }

    @Test func `one commit makes, changes, moves and deletes`() async throws {
        try await withScratch { scratch in
            try await scratch.sh(
                """
                mkdir -p d/e many; echo 1 > d/e/only; echo 1 > keep; echo 1 > change; chmod +x change; echo 1 > a; ln -s x link
                for i in 1 2 3; do echo $i > many/$i; done; commit one
                """
            )
            let file = scratch.work + ".upload"
            try await scratch.sh("head -c 3000000 /dev/zero > \(file)")
            let outcome = try await scratch.git.commit(
                request([
                    .delete(TreePath("d/e/only")), .write(WritablePath("change"), .bytes(Array("2\n".utf8))),
                    .move(TreePath("many"), to: WritablePath("moved/here")),
                    .delete(TreePath("moved/here/2")),
                    .create(WritablePath("big"), .file(path: file)), .delete(TreePath("a")),
                    .create(WritablePath("a/b"), .bytes([]), isExecutable: true),
                    .write(WritablePath("link"), .bytes(Array("safe".utf8))),
                    .create(WritablePath("a.b"), .bytes([])), .create(WritablePath("a0"), .bytes([])),
                ])
            )
            #expect(try await scratch.id("main") == outcome.commit)
            #expect(
                try await scratch.lines("git ls-tree -r main | cut -c1-6,53-")
                    == [
                        "100644 a.b", "100755 a/b", "100644 a0", "100644 big", "100755 change", "100644 keep",
                        "100644 link",
                        "100644 moved/here/1", "100644 moved/here/3",
                    ].map { $0.replacing(" ", with: "\t") }
            )
            #expect(try await scratch.sh("git cat-file -s main:big") == "3000000")
            #expect(try await scratch.sh("git fsck --strict --full 2>&1") == "")
        }
    }

    @Test func `a change that does not fit is refused whole`() async throws {
        try await withScratch { scratch in
            try await scratch.sh("mkdir d; echo 1 > d/x; echo 1 > file; ln -s /etc/x link; commit one")
            let tip = try await scratch.id("main")
            let cases: [(FileChange, Failure.Code)] = try [
                (.create(WritablePath("file"), .bytes([])), .alreadyExists),
                (.create(WritablePath("d"), .bytes([])), .alreadyExists),
                (.write(WritablePath("d"), .bytes([])), .invalidParameter),
                (.write(WritablePath("file/x"), .bytes([])), .invalidParameter),
                (.delete(TreePath("absent")), .missing), (.delete(TreePath("file/x")), .missing),
                (.move(TreePath("absent"), to: WritablePath("y")), .missing),
                (.move(TreePath("d"), to: WritablePath("d/y")), .invalidParameter),
                (.move(TreePath("file"), to: WritablePath("d/x")), .alreadyExists),
                (.move(TreePath("link"), to: WritablePath("d/.gitmodules")), .invalidParameter),
            ]
            for (change, code) in cases {
                let failure = await #expect(throws: Failure.self) {
                    try await scratch.git.commit(request([.create(WritablePath("new"), .bytes([])), change]))
                }
                #expect(failure?.code == code, "\(change)")
            }
            let absent = await #expect(throws: Failure.self) {
                try await scratch.git.commit(
                    request([.create(WritablePath("new"), .bytes([]))], on: "absent")
                )
            }
            #expect(absent?.code == .missing)
            #expect(try await scratch.id("main") == tip)
        }
    }

    @Test func `nothing is made where nothing differs`() async throws {
        try await withScratch { scratch in
            try await scratch.sh("echo 1 > a; commit one")
            let tip = try await scratch.id("main")
            let outcome = try await scratch.git.commit(
                request([.write(WritablePath("a"), .bytes(Array("1\n".utf8)))])
            )
            #expect(outcome == ChangeOutcome(commit: tip, updates: []))
        }
    }

    @Test func `a commit may go to a new branch, and only from the expected tip`() async throws {
        try await withScratch { scratch in
            try await scratch.sh("echo 1 > a; commit one; git branch taken")
            let tip = try await scratch.id("main")
            var wish = try request([.create(WritablePath("b"), .bytes([]))])
            wish.newBranch = try BranchName("new")
            wish.expectedTip = tip
            let outcome = try await scratch.git.commit(wish)
            #expect(try await scratch.id("new") == outcome.commit)
            #expect(try await scratch.id("main") == tip)
            #expect(try await scratch.id("new^") == tip)

            wish.newBranch = try BranchName("taken")
            #expect(
                await #expect(throws: Failure.self) { try await scratch.git.commit(wish) }?.code
                    == .alreadyExists
            )
            wish.newBranch = try BranchName("new/below")
            #expect(
                await #expect(throws: Failure.self) { try await scratch.git.commit(wish) }?.code
                    == .alreadyExists
            )
            wish.newBranch = nil
            wish.expectedTip = outcome.commit
            #expect(
                await #expect(throws: Failure.self) { try await scratch.git.commit(wish) }?.code
                    == .invalidState
            )
        }
    }

    @Test func `commits at the same time are all kept`() async throws {
        try await withScratch { scratch in
            try await scratch.sh("commit one")
            try await withThrowingTaskGroup { group in
                for number in 0..<4 {
                    group.addTask {
                        for step in 0..<3 {
                            _ = try await scratch.git.commit(
                                request([.create(WritablePath("f\(number)-\(step)"), .bytes([]))])
                            )
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await scratch.sh("git rev-list --count main; git ls-tree main | wc -l") == "13\n12")
        }
    }

    @Test func `the watch sees every change and may refuse it`() async throws {
        try await withScratch { scratch in
            try await scratch.sh("commit one")
            let seen = Mutex<[String]>([])
            let watch = RefWatch { caller, updates, change in
                for update in updates where update.ref == "refs/heads/main" {
                    throw Failure(.permissionDenied, "'main' is protected")
                }
                try await change()
                seen.withLock { $0 += updates.map { "\(caller.name) \($0.ref)" } }
            }
            let caller = Caller(name: "ann", workspace: WorkspaceID(key: 7))
            let git = scratch.repositories.git(for: caller, watch: watch)
            let change = try [FileChange.create(WritablePath("x"), .bytes([]))]

            let failure = await #expect(throws: Failure.self) { try await git.commit(request(change)) }
            #expect(failure?.code == .permissionDenied)
            var other = try request(change)
            other.newBranch = try BranchName("other")
            _ = try await git.commit(other)
            try await git.deleteBranch(BranchName("other"))
            #expect(seen.withLock { $0 } == ["ann refs/heads/other", "ann refs/heads/other"])
            #expect(try await scratch.sh("git rev-list --count main") == "1")
        }
    }

    @Test func `branches and tags are made and deleted`() async throws {
        try await withScratch { scratch in
            try await scratch.sh("commit one; commit two")
            let git = scratch.git
            let branch = try await git.createBranch(BranchName("side"), at: Revision("main"))
            #expect(try await branch.commit == scratch.id("main"))
            await #expect(throws: Failure.self) {
                try await git.createBranch(BranchName("side"), at: Revision("main"))
            }
            await #expect(throws: Failure.self) {
                try await git.createBranch(BranchName("side/x"), at: Revision("main"))
            }
            let kept = await #expect(throws: Failure.self) { try await git.deleteBranch(BranchName("main")) }
            #expect(kept?.code == .invalidState)
            await #expect(throws: Failure.self) {
                try await git.deleteBranch(BranchName("side"), expectedTip: scratch.id("main^"))
            }
            try await git.setDefaultBranch(BranchName("side"))
            try await git.deleteBranch(BranchName("main"))
            #expect(
                try await scratch.sh("git symbolic-ref HEAD; git branch --format='%(refname)'")
                    == "refs/heads/side\nrefs/heads/side"
            )
            await #expect(throws: Failure.self) { try await git.setDefaultBranch(BranchName("absent")) }

            let light = try await git.createTag(
                TagName("light"),
                at: Revision(scratch.id("side^")),
                by: Self.ann
            )
            #expect(light.message == nil && light.object == light.commit)
            let tag = try await git.createTag(
                TagName("v1"),
                at: Revision("side"),
                message: "First",
                by: Self.ann
            )
            #expect(tag.message == "First\n" && tag.tagger == Self.ann && tag.commit == branch.commit)
            #expect(try await scratch.sh("git cat-file -t v1; git fsck --strict --full 2>&1") == "tag")
            try await git.deleteTag(TagName("v1"))
            await #expect(throws: Failure.self) { try await git.deleteTag(TagName("v1")) }
        }
    }

    @Test func `a signature cannot break out of its line`() async throws {
        try await withScratch { scratch in
            var wish = try request([.create(WritablePath("x"), .bytes([]))])
            wish.author = Signature(
                name: "Eve <eve@x> 0\nparent 1",
                email: ">\n",
                seconds: 5,
                offsetMinutes: -330
            )
            wish.committer = Signature(name: "", email: "", seconds: -5)
            _ = try await scratch.git.commit(wish)
            #expect(
                try await scratch.sh("git log -1 --format='%an|%ae|%ad|%cn|%cd' --date=raw main")
                    == "Eve eve@x 0parent 1||5 -0530|unknown|0 +0000"
            )
            for message in ["", " \n ", "a\u{0}b"] {
                wish.message = message
                wish.changes = try [.delete(TreePath("x"))]
                await #expect(throws: Failure.self) { try await scratch.git.commit(wish) }
            }
        }
    }
}
