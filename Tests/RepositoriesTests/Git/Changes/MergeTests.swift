import Core
import Repositories
import Testing

@Suite struct MergeTests {
    private static let ann = Signature(name: "Ann", email: "ann@example.org", seconds: 1_800_000_000)

    private func merge(
        _ scratch: ScratchRepository,
        _ method: MergeMethod,
        change: (inout MergeRequest) -> Void = { _ in }
    ) async throws -> MergeOutcome {
        var request = MergeRequest(
            try Revision("side"),
            into: try BranchName("main"),
            by: method,
            message: "Merge side",
            author: Self.ann
        )
        change(&request)
        return try await scratch.git.merge(request)
    }

    private static let parted = """
        seq 1 20 > a; echo 1 > b; commit one; git checkout -qb side; sed -i s/^2$/two/ a; echo s > s; commit two
        sed -i s/^3$/three/ a; commit three; git checkout -q main; sed -i s/^18$/eighteen/ a; commit four

        """

    @Test(arguments: [MergeMethod.merge, .squash, .rebase])
    func `each way of merging makes git's own tree`(method: MergeMethod) async throws {
        try await withScratch { scratch in
            try await scratch.sh(Self.parted)
            let base = try await scratch.id("main")
            #expect(
                try await scratch.git.mergeability(of: Revision("side"), into: Revision("main")) == .clean
            )
            let expected = try await scratch.sh("git merge-tree --write-tree main side")

            guard case .merged(let outcome) = try await merge(scratch, method) else {
                Issue.record("it did not merge")
                return
            }

            #expect(try await scratch.id("main") == outcome.commit)
            #expect(try await scratch.sh("git rev-parse main^{tree}") == expected)
            let parents = try await scratch.lines("git log -1 --format=%P main | tr ' ' '\\n'")
            let side = "\(try await scratch.id("side"))"
            switch method {
            case .merge: #expect(parents == ["\(base)", side])
            case .squash: #expect(parents == ["\(base)"])
            default:
                #expect(
                    try await scratch.lines("git log --format='%s %an %cn' -3 main")
                        == ["three Ann Ann", "two Ann Ann", "four Ann Bob"]
                )
            }
            #expect(try await scratch.sh("git fsck --strict --full 2>&1") == "")
        }
    }

    @Test func `a branch moves on only where nothing else has come`() async throws {
        try await withScratch { scratch in
            try await scratch.sh(Self.parted)
            let refused = await #expect(throws: Failure.self) { try await merge(scratch, .fastForward) }
            #expect(refused?.code == .invalidState)
            try await scratch.sh("git reset -q --hard main^")
            let side = try await scratch.id("side")
            #expect(
                try await scratch.git.mergeability(of: Revision("side"), into: Revision("main"))
                    == .fastForward
            )
            guard case .merged(let outcome) = try await merge(scratch, .fastForward) else { return }
            #expect(outcome.commit == side)
            #expect(try await scratch.id("main") == side)
            #expect(
                try await scratch.git.mergeability(of: Revision("side"), into: Revision("main")) == .upToDate
            )
            #expect(try await merge(scratch, .merge) == .merged(ChangeOutcome(commit: side, updates: [])))
        }
    }

    @Test(arguments: [MergeMethod.merge, .squash, .rebase])
    func `conflicts are told by path and change nothing`(method: MergeMethod) async throws {
        try await withScratch { scratch in
            try await scratch.sh(
                """
                echo 1 > a; echo 1 > 'b
                c'; echo 1 > d; commit one; git checkout -qb side; echo 2 > a; echo 2 > 'b
                c'; git rm -q d; commit two; git checkout -q main; echo 3 > a; echo 3 > 'b
                c'; echo 3 > d; commit three
                """
            )
            let tip = try await scratch.id("main")
            let paths = try ["a", "b\nc", "d"].map { try TreePath($0) }
            #expect(try await merge(scratch, method) == .conflicts(paths))
            #expect(
                try await scratch.git.mergeability(of: Revision("side"), into: Revision("main"))
                    == .conflicts(paths)
            )
            #expect(try await scratch.id("main") == tip)
        }
    }

    @Test func `criss-cross histories merge as in git`() async throws {
        try await withScratch { scratch in
            try await scratch.sh(
                """
                seq 1 30 > a; commit one; git checkout -qb side; sed -i s/^5$/five/ a; commit two
                git checkout -q main; sed -i s/^25$/x/ a; commit three; git branch old; merge side
                git checkout -q side; merge old; sed -i s/^10$/ten/ a; commit four
                git checkout -q main; sed -i s/^20$/twenty/ a; commit five
                """
            )
            #expect(try await scratch.lines("git merge-base --all main side").count == 2)
            let expected = try await scratch.sh("git merge-tree --write-tree main side")
            guard case .merged = try await merge(scratch, .merge) else {
                Issue.record("it did not merge")
                return
            }
            #expect(try await scratch.sh("git rev-parse main^{tree}") == expected)
        }
    }

    @Test(arguments: [21, 22, 23] as [UInt64])
    func `branches of a tangled history merge or conflict as in git`(seed: UInt64) async throws {
        try await withScratch { scratch in
            try await scratch.makeTangledHistory(commits: 40, seed: seed)
            for other in try await scratch.lines("git rev-list main | sort | head -12") {
                let base = try await scratch.sh("git rev-list main | sort | tail -1")
                let printed = try await scratch.lines(
                    "git merge-tree --write-tree --name-only --no-messages \(base) \(other) || true"
                )
                let found = try await scratch.git.mergeability(of: Revision(other), into: Revision(base))
                switch found {
                case .conflicts(let paths):
                    // Git's newer strategy follows renamed folders; ours may find a conflict less or more in those.
                    #expect(
                        Set(paths.map(\.description)) == Set(printed.dropFirst()),
                        "\(other) into \(base)"
                    )
                case .upToDate, .fastForward, .clean:
                    #expect(printed.count == 1, "\(other) into \(base)")
                case .unrelated:
                    Issue.record("they have a history in common")
                }
            }
        }
    }

    @Test func `tips that were not expected are refused`() async throws {
        try await withScratch { scratch in
            try await scratch.sh(Self.parted)
            let (main, side) = (try await scratch.id("main"), try await scratch.id("side"))
            for (base, head) in [(side, side), (main, main)] {
                let failure = await #expect(throws: Failure.self) {
                    try await merge(scratch, .merge) {
                        $0.expectedBase = base
                        $0.expectedHead = head
                    }
                }
                #expect(failure?.code == .invalidState)
            }
            try await scratch.sh(
                "git checkout -q --orphan other; commit alone; git branch -f side; git checkout -q main"
            )
            let failure = await #expect(throws: Failure.self) { try await merge(scratch, .merge) }
            #expect(failure?.code == .invalidParameter)
        }
    }

    @Test func `a rebase leaves out what the base has already`() async throws {
        try await withScratch { scratch in
            try await scratch.sh(
                """
                echo 1 > a; commit one; git checkout -qb side; echo 2 > b; commit two; echo 3 > c; commit three
                git checkout -q main; tick; git cherry-pick side^ >/dev/null; echo 4 > d; commit four
                """
            )
            guard case .merged = try await merge(scratch, .rebase) else { return }
            #expect(try await scratch.lines("git log --format=%s main") == ["three", "four", "two", "one"])
        }
    }
}
