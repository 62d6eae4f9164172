import Core
import Repositories
import Testing

@Suite struct DiffTests {
    @Test func `a diff has the hunks and numbers of git`() async throws {
        try await withScratch { scratch in
            try await scratch.sh(
                """
                seq 1 100 > long; printf 'a\\nb' > short; seq 200 300 > moved; printf 'x\\0y' > binary; echo gone > gone
                echo 1 > script; commit one
                seq 1 100 | sed 's/^10$/ten/; s/^90$/ninety/; 50d' > long; printf 'a\\nc' > short; mv moved new
                echo 999 >> new; printf 'x\\0z' > binary; rm gone; echo new > added; chmod +x script; commit two
                """
            )

            let diff = try await scratch.git.diff(of: Revision("main"))

            let numbers = diff.files.map { file in
                "\(file.additions.map(String.init) ?? "-")\t\(file.deletions.map(String.init) ?? "-")\t\(file.path)"
            }
            let expected = try await scratch.lines("git diff -M --numstat main^ main | sed 's/moved => //'")
            // Git counts no lines of a file that is not text; of one whose mode alone changed it counts none.
            #expect(numbers.map { $0.replacing("-\t-\tscript", with: "0\t0\tscript") } == expected)
            #expect(diff.fileCount == 7 && !diff.isTruncated)
            #expect(diff.additions == 5 && diff.deletions == 5)
            let byPath = Dictionary(uniqueKeysWithValues: diff.files.map { ($0.path.description, $0) })
            #expect(byPath["new"]?.status == .renamed && byPath["new"]?.oldPath?.description == "moved")
            #expect(byPath["added"]?.status == .added && byPath["gone"]?.status == .deleted)
            #expect(byPath["script"]?.oldMode == 0o100644 && byPath["script"]?.newMode == 0o100755)
            guard case .binary? = byPath["binary"]?.content else {
                Issue.record("a binary file is not told")
                return
            }
            guard case .text(let hunks)? = byPath["short"]?.content, let hunk = hunks.first else {
                Issue.record("a text file has no hunk")
                return
            }
            #expect(hunk.lines.map(\.text) == ["a", "b", "c"])
            #expect(hunk.lines.map(\.kind) == [.context, .deletion, .addition])
            #expect(
                hunk.lines.map(\.oldNumber) == [1, 2, nil] && hunk.lines.map(\.newNumber) == [1, nil, 2]
            )
            #expect(hunk.lines.map(\.lacksLineBreak) == [false, true, true])
        }
    }

    @Test(arguments: [11, 12, 13] as [UInt64])
    func `every commit of a history differs as git says`(seed: UInt64) async throws {
        try await withScratch { scratch in
            try await scratch.makeTangledHistory(commits: 40, seed: seed)
            for commit in try await scratch.lines("git rev-list main") {
                let diff = try await scratch.git.diff(of: Revision(commit))
                let found = diff.files.map { "\($0.additions ?? 0)\t\($0.deletions ?? 0)" }.sorted()
                let expected = try await scratch.lines(
                    """
                    if git rev-parse -q --verify \(commit)^ >/dev/null; then git diff -M --numstat \(commit)^ \(commit)
                    else git diff-tree --root -r --no-commit-id --numstat \(commit); fi | cut -f1,2
                    """
                )
                #expect(found == expected.sorted())
            }
        }
    }

    @Test func `limits are kept and named`() async throws {
        try await withScratch { scratch in
            try await scratch.sh(
                """
                commit zero; for i in 1 2 3 4 5; do seq 1 1000 > f$i; done
                head -c 3000000 /dev/zero | tr '\\0' 'a' > wide; commit one
                """
            )
            func diff(_ change: (inout DiffLimits) -> Void) async throws -> Diff {
                var query = DiffQuery()
                change(&query.limits)
                return try await scratch.git.diff(of: Revision("main"), query)
            }

            let files = try await diff { $0.files = 2 }
            #expect(files.files.count == 2 && files.fileCount == 6 && files.cuts == [.files])
            let lines = try await diff { $0.lines = 1_500 }
            #expect(lines.cuts == [.lines] && lines.shownLines == 1_500)
            #expect(lines.files.map(\.isTruncated) == [false, true, true, true, true, true])
            let bytes = try await diff { $0.bytes = 5_000 }
            #expect(bytes.cuts == [.bytes] && bytes.shownLines < 2_000)
            let all = try await diff { _ in }
            guard case .tooLarge? = all.files.last?.content else {
                Issue.record("a file above the limit is shown")
                return
            }
            #expect(!all.isTruncated)
        }
    }

    @Test func `a diff of everything answers soon`() async throws {
        try await withScratch { scratch in
            try await scratch.sh(
                """
                mkdir a b; for i in $(seq 1 3000); do echo $i > a/$i; done; commit one
                rm -r a; for i in $(seq 1 3000); do echo x$i > b/$i; done; seq 1 60000 > big; commit two
                """
            )
            let diff = try await scratch.git.diff(of: Revision("main"))
            #expect(
                diff.fileCount == 6_001 && diff.files.count == 1_000
                    && diff.cuts.isSuperset(of: [.files, .renames])
            )
        }
    }

    @Test func `one file can be asked for by either of its names`() async throws {
        try await withScratch { scratch in
            try await scratch.sh(
                "seq 1 50 > old; echo 1 > other; commit one; mv old new; echo 2 > other; commit two"
            )
            for name in ["old", "new"] {
                var query = DiffQuery()
                query.path = try TreePath(name)
                let diff = try await scratch.git.diff(of: Revision("main"), query)
                #expect(diff.files.map(\.status) == [.renamed] && diff.fileCount == 1)
            }
        }
    }

    @Test func `a comparison begins where two branches have parted`() async throws {
        try await withScratch { scratch in
            try await scratch.sh(
                """
                echo 1 > a; commit one; git checkout -qb side; echo 1 > b; commit two; commit three
                git checkout -q main; echo 2 > a; commit four
                """
            )
            let found = try await scratch.git.compare(base: Revision("main"), head: Revision("side"))
            #expect(found.mergeBase == (try await scratch.id("side~2")))
            #expect(found.divergence == Divergence(ahead: 2, behind: 1))
            #expect(found.commits.map(\.summary) == ["three", "two"])
            #expect(found.diff.files.map(\.path.description) == ["b"])
        }
    }

    @Test func `links and submodules differ as what they are`() async throws {
        try await withScratch { scratch in
            try await scratch.sh(
                """
                ln -s a loop; ln -s loop a; echo 1 > kind; git add -A
                git update-index --add --cacheinfo 160000,1111111111111111111111111111111111111111,module
                tick; git commit -qm one
                rm loop kind; ln -s /etc/passwd loop; ln -s x kind; git add -A
                git update-index --add --cacheinfo 160000,2222222222222222222222222222222222222222,module
                tick; git commit -qm two
                """
            )
            let diff = try await scratch.git.diff(of: Revision("main"))
            #expect(diff.files.map(\.path.description) == ["kind", "loop", "module"])
            #expect(diff.files.map(\.status) == [.typeChanged, .modified, .modified])
            guard case .text(let hunks) = diff.files[1].content else { return }
            #expect(hunks.first?.lines.map(\.text) == ["a", "/etc/passwd"])
        }
    }
}

extension Diff {
    fileprivate var shownLines: Int {
        files.reduce(0) { sum, file in
            guard case .text(let hunks) = file.content else { return sum }
            return sum + hunks.reduce(0) { $0 + $1.lines.count }
        }
    }
}
