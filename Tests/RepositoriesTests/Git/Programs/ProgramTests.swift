import Core
import FoundationEssentials
import NIOCore
import Repositories
import Synchronization
import TestSupport
import Testing

@Suite struct ProgramTests {
    @Test(arguments: ArchiveFormat.allCases)
    func `an archive has all files of a revision`(format: ArchiveFormat) async throws {
        try await withScratch { scratch in
            try await scratch.sh(
                "mkdir 'a b'; echo 1 > 'a b/ü'; ln -s x link; commit one; echo 2 > later; commit two"
            )
            var bytes: [UInt8] = []
            try await scratch.git.archive(of: scratch.id("main^"), as: format, in: WritablePath("-iris-1")) {
                bytes += Array($0.readableBytesView)
            }
            let file = scratch.work + ".archive"
            try Data(bytes).write(to: URL(filePath: file))
            let names = try await scratch.lines(
                format == .zip
                    ? "python3 -c \"import zipfile,sys; print('\\n'.join(zipfile.ZipFile('\(file)').namelist()))\""
                    : "tar tzf \(file) --quoting-style=literal"
            )
            #expect(names == ["-iris-1/", "-iris-1/a b/", "-iris-1/a b/ü", "-iris-1/link"])
        }
    }

    @Test func `an archive of nothing is missing`() async throws {
        try await withScratch { scratch in
            try await scratch.sh("commit one")
            let tree = try await scratch.id("main^{tree}")
            let failure = await #expect(throws: Failure.self) {
                try await scratch.git.archive(of: tree, as: .zip, in: WritablePath("x")) { _ in }
            }
            #expect(failure?.code == .missing)
        }
    }

    @Test(.timeLimit(.minutes(1))) func `who takes slowly has a share, and keeps nobody else out`()
        async throws
    {
        try await withScratch { scratch in
            try await scratch.sh("echo 1 > a; commit one")
            let (commit, workspace) = (try await scratch.id("main"), WorkspaceID(key: 7))
            let stranger = scratch.repositories.reading(for: Caller(name: "anonymous", workspace: workspace))
            let gate = AsyncStream.makeStream(of: Void.self)
            let began = Counter()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<16 {
                    group.addTask {
                        try await stranger.archive(of: commit, as: .zip, in: WritablePath("x")) { _ in
                            began.count.withLock { $0 += 1 }
                            for await _ in gate.stream { break }
                        }
                    }
                }
                while began.count.withLock({ $0 }) < 8 { try await Task.sleep(for: .milliseconds(10)) }

                try await scratch.git.archive(of: commit, as: .zip, in: WritablePath("x")) { _ in }

                #expect(began.count.withLock { $0 } == 8)
                gate.continuation.finish()
                try await group.waitForAll()
            }
        }
    }

    @Test func `a small repository that stands for very much is not listed`() async throws {
        try await withScratch { scratch in
            try await scratch.sh(
                #"""
                echo 1 > a; commit one
                tree=$(printf '100644 blob %s\tf\n' "$(git rev-parse main:a)" | git mktree)
                for level in 1 2 3 4 5 6 7; do
                    tree=$(for n in 0 1 2 3 4 5 6 7 8 9; do printf '040000 tree %s\td%s\n' "$tree" "$n"; done | git mktree)
                done
                tick; git update-ref refs/heads/bomb "$(git commit-tree "$tree" -p main -m bomb)"
                echo 2 > b; commit two
                """#
            )
            let bomb = try await scratch.id("bomb")

            await expectFailure(.tooLarge, containing: "300000 files differ") {
                _ = try await scratch.git.diff(of: Revision(bomb))
            }
            await expectFailure(.tooLarge, containing: "1000000 files and folders") {
                try await scratch.git.archive(of: bomb, as: .zip, in: WritablePath("x")) { _ in }
            }
            await expectFailure(.tooLarge, containing: "500000 files and folders") {
                _ = try await scratch.git.mergeability(of: Revision(bomb), into: Revision("main"))
            }
        }
    }

    @Test func `each line is blamed on the commit that it came with`() async throws {
        try await withScratch { scratch in
            try await scratch.sh(
                #"""
                seq 1 5 > "$(printf 'o\tld')"; commit one; mv "$(printf 'o\tld')" new; sed -i 's/^2$/two/' new; commit two
                echo 6 >> new; commit three
                """#
            )
            let blame = try await scratch.git.blame(TreePath("new"), of: Revision("main"))
            var found: [String] = []
            for lines in blame.lines {
                #expect(lines.start == found.count + 1)
                found += Array(repeating: "\(lines.commit)", count: lines.count)
            }
            #expect(
                try await found
                    == scratch.lines("git blame -p main -- new | grep -E '^[0-9a-f]{40} ' | cut -c1-40")
            )
            #expect(found.count == 6)
            #expect(blame.lines.first?.originalPath.description == "o\tld")
            #expect(blame.commits.values.map(\.summary).sorted() == ["one", "three", "two"])
            await #expect(throws: Failure.self) {
                try await scratch.git.blame(TreePath("new"), of: Revision("main"), limitBytes: 3)
            }
            await #expect(throws: Failure.self) {
                try await scratch.git.blame(TreePath("old"), of: Revision("main"))
            }
        }
    }
    @Test func `a blame that takes too long has what was found by then`() async throws {
        try await withScratch { scratch in
            try await scratch.sh("for n in $(seq 1 40); do echo $n >> a; commit $n; done")
            let (path, main) = (try TreePath("a"), try Revision("main"))
            let whole = try await scratch.git.blame(path, of: main)
            #expect(whole.isWhole && whole.lines.count == 40)

            let none = try await scratch.git.blame(path, of: main, within: .zero)
            #expect(!none.isWhole && none.lines.isEmpty)
            for milliseconds in [1, 3, 10, 30] {
                let blame = try await scratch.git.blame(path, of: main, within: .milliseconds(milliseconds))
                #expect(Set(blame.lines).isSubset(of: whole.lines))
                #expect(!blame.isWhole || blame.lines == whole.lines)
            }
        }
    }
}

private final class Counter: Sendable {
    let count = Mutex(0)
}
