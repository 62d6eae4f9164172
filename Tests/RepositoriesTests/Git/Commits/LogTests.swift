import Core
import Repositories
import Testing

@Suite struct LogTests {
    @Test func `a commit is what git says it is`() async throws {
        try await withScratch { scratch in
            try await scratch.sh(
                """
                commit one; git checkout -qb side; commit 'a  side
                of two lines

                and a body'; git checkout -q main; commit two; merge side
                """
            )

            let merge = try await scratch.git.commit(Revision("main"))
            #expect(merge.parents == [try await scratch.id("main^1"), try await scratch.id("main^2")])
            #expect(merge.tree == (try await scratch.id("main^{tree}")))
            #expect(
                merge.author
                    == Signature(
                        name: "Ann",
                        email: "ann@example.org",
                        seconds: 1_700_000_240,
                        offsetMinutes: 60
                    )
            )
            #expect(merge.committer.name == "Bob" && merge.committer.offsetMinutes == 0 && !merge.isSigned)
            let side = try await scratch.git.commit(Revision("side"))
            #expect(side.message == "a  side\nof two lines\n\nand a body\n")
            #expect(side.summary == "a  side of two lines")
        }
    }

    @Test func `a commit that is strangely written can still be read`() async throws {
        try await withScratch { scratch in
            try await scratch.sh(
                #"""
                tree=$(git mktree </dev/null)
                c=$(printf 'tree %s\nauthor J\366rg <j> 12 +0530\ncommitter <> x\nencoding ISO-8859-1\ngpgsig -----BEGIN\n \n x\n\nGr\374n' $tree \
                    | git hash-object -t commit -w --stdin --literally)
                git update-ref refs/heads/main $c
                """#
            )
            let commit = try await scratch.git.commit(Revision("main"))
            #expect(commit.author == Signature(name: "Jörg", email: "j", seconds: 12, offsetMinutes: 330))
            #expect(commit.message == "Grün" && commit.isSigned && commit.committer.seconds == 0)
        }
    }

    @Test func `a time that nobody lives to see is one that can be counted with`() async throws {
        try await withScratch { scratch in
            try await scratch.sh(
                #"""
                tree=$(git mktree </dev/null)
                c=$(printf 'tree %s\nauthor A <a> 9000000000000000000 +999999999\ncommitter B <b> -5 +0000\n\nx' $tree \
                    | git hash-object -t commit -w --stdin --literally)
                git update-ref refs/heads/main $c
                """#
            )
            let commit = try await scratch.git.commit(Revision("main"))
            #expect(commit.author.seconds == 253_402_300_799)
            #expect(commit.committer.seconds == 0)
        }
    }

    @Test func `logs are git's own`() async throws {
        try await withScratch { scratch in
            try await scratch.makeTangledHistory(commits: 60, seed: 1)
            let all = try await scratch.lines("git rev-list main")

            for (skip, limit) in [(0, 100), (0, 5), (7, 10), (all.count, 5)] {
                var query = LogQuery(limit: limit)
                query.skip = skip
                let page = try await scratch.git.log(Revision("main"), query)
                #expect(page.commits.map { "\($0.id)" } == Array(all.dropFirst(skip).prefix(limit)))
                #expect(page.hasMore == (skip + limit < all.count))
            }
            var query = LogQuery(limit: 100)
            query.isFirstParentOnly = true
            let first = try await scratch.git.log(Revision("main"), query)
            #expect(
                try await first.commits.map { "\($0.id)" }
                    == scratch.lines("git rev-list --first-parent main")
            )
            for path in ["a", "folder", "folder/b", "absent"] {
                var query = LogQuery(path: try TreePath(path), limit: 100)
                let page = try await scratch.git.log(Revision("main"), query)
                #expect(
                    try await page.commits.map { "\($0.id)" } == scratch.lines("git rev-list main -- \(path)")
                )
                query.isFirstParentOnly = true
                let straight = try await scratch.git.log(Revision("main"), query)
                #expect(
                    try await straight.commits.map { "\($0.id)" }
                        == scratch.lines("git rev-list --first-parent main -- \(path)")
                )
            }
            let middle = try await scratch.git.commit(Revision(all[all.count / 2])).committer.seconds
            query = LogQuery(limit: 100)
            query.sinceSeconds = middle
            let since = try await scratch.git.log(Revision("main"), query)
            #expect(
                try await since.commits.map { "\($0.id)" }
                    == scratch.lines("git rev-list --since=\(middle) main")
            )
            query.sinceSeconds = nil
            query.untilSeconds = middle
            let until = try await scratch.git.log(Revision("main"), query)
            #expect(
                try await until.commits.map { "\($0.id)" }
                    == scratch.lines("git rev-list --until=\(middle) main")
            )
        }
    }

    @Test func `a path with a wildcard is a path`() async throws {
        try await withScratch { scratch in
            try await scratch.sh("echo 1 > 'a*'; commit star; echo 1 > ab; commit ab")
            let page = try await scratch.git.log(Revision("main"), LogQuery(path: TreePath("a*"), limit: 9))
            #expect(page.commits.map(\.summary) == ["star"])
        }
    }

    @Test func `two histories know how far they are apart`() async throws {
        try await withScratch { scratch in
            try await scratch.sh(
                """
                commit one; git checkout -qb side; commit two; commit three; git checkout -q main; commit four
                git checkout -q --orphan other; commit alone
                """
            )
            let (main, side, other) = (try Revision("main"), try Revision("side"), try Revision("other"))
            #expect(try await scratch.git.divergence(of: side, from: main) == Divergence(ahead: 2, behind: 1))
            #expect(try await scratch.git.mergeBase(of: side, and: main) == scratch.id("side~2"))
            #expect(try await scratch.git.mergeBase(of: side, and: other) == nil)
        }
    }

    @Test(arguments: [1, 2, 3])
    func `how far commits have parted is counted as git counts it`(seed: UInt64) async throws {
        try await withScratch { scratch in
            try await scratch.makeTangledHistory(commits: 60, seed: seed)
            let ids = try await scratch.lines("git rev-list main").compactMap { ObjectID($0) }
            let (base, heads) = (
                ids[ids.count / 2], ids.enumerated().filter { $0.offset % 4 == 0 }.map(\.element)
            )

            let found = try await scratch.git.divergences(of: heads, from: base, within: .seconds(60))

            for (head, divergence) in zip(heads, found) {
                let counts = try await scratch.sh("git rev-list --left-right --count \(head)...\(base)")
                let numbers = counts.split(separator: "\t").compactMap { Int($0) }
                #expect(divergence == Divergence(ahead: numbers[0], behind: numbers[1]))
            }
        }
    }

    @Test func `what cannot be found in time is said to be missing`() async throws {
        try await withScratch { scratch in
            try await scratch.sh(
                "echo 1 > a; commit one; git checkout -qb side; echo 2 > a; commit two; git checkout -q main; commit three"
            )
            let (main, side) = (try await scratch.id("main"), try await scratch.id("side"))
            for path in [TreePath.root, try TreePath("a")] {
                var query = LogQuery(path: path, limit: 5)
                query.timeLimit = .zero
                let late = try await scratch.git.log(Revision("side"), query)
                query.timeLimit = .seconds(60)
                let whole = try await scratch.git.log(Revision("side"), query)

                #expect(late.commits.isEmpty && !late.isWhole && !late.hasMore)
                #expect(whole.commits.map(\.summary) == ["two", "one"] && whole.isWhole)
            }
            let divergences = try await scratch.git.divergences(of: [side, main], from: main, within: .zero)
            #expect(divergences == [nil, Divergence(ahead: 0, behind: 0)])
            let failure = await #expect(throws: Failure.self) {
                try await scratch.git.compare(
                    base: Revision("main"),
                    head: Revision("side"),
                    timeLimit: .zero
                )
            }
            #expect(failure?.code == .tooLarge)
            let found = try await scratch.git.compare(
                base: Revision("main"),
                head: Revision("side"),
                timeLimit: .seconds(60)
            )
            #expect(found.divergence == Divergence(ahead: 1, behind: 1))
        }
    }
}

extension ScratchRepository {
    /// A history of branches that are joined again and again, where files come, change, go and come back.
    func makeTangledHistory(commits: Int, seed: UInt64) async throws {
        var random = SmallRandom(state: seed)
        var script = "mkdir -p folder; echo 0 > a; commit start\n"
        let files = ["a", "folder/b", "folder/c", "folder/deep/d", "e", "folder.x", "folder0"]
        var branches = ["main"]
        for number in 1..<commits {
            let branch = branches[random.next(below: branches.count)]
            script += "git checkout -q \(branch)\n"
            switch random.next(below: 6) {
            case 0 where branches.count < 5:
                branches.append("side\(number)")
                script += "git checkout -q -b side\(number)\n"
            case 1 where branches.count > 1:
                let other = branches[random.next(below: branches.count)]
                let strategy = ["ours", "theirs"][random.next(below: 2)]
                script += "merge -X \(strategy) \(other) || { git add -A; git commit -q --no-edit; }\n"
                continue
            default:
                break
            }
            let file = files[random.next(below: files.count)]
            let folder = file.split(separator: "/").dropLast().joined(separator: "/")
            script +=
                random.next(below: 5) == 0
                ? "rm -f \(file)\n"
                : "mkdir -p ./\(folder); seq -f '\(file) %g' \(random.next(below: 4)) 9 > \(file)\n"
            script += "commit c\(number)\n"
        }
        script += "git checkout -q main\n"
        for branch in branches.dropFirst() {
            script += "merge -X ours \(branch) || { git add -A; git commit -q --no-edit; }\n"
        }
        try await sh(script)
    }
}

/// Numbers that are the same in every run.
struct SmallRandom {
    var state: UInt64

    mutating func next(below limit: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(limit))
    }
}
