import Core
import Repositories
import Testing

@Suite struct FolderTests {
    @Test func `a folder shows what kind its entries are`() async throws {
        try await withScratch { scratch in
            try await scratch.sh(
                """
                echo hello > file; echo run > script; chmod +x script; ln -s ../../etc/passwd link; mkdir dir; echo 1 > dir/x
                git add -A; git update-index --add --cacheinfo 160000,1111111111111111111111111111111111111111,module
                tick; git commit -qm one
                """
            )
            let listing = try await scratch.git.folder(of: Revision("main"), with: .sizes)
            #expect(listing.entries.map(\.name) == ["dir", "file", "link", "module", "script"])
            #expect(listing.entries.map(\.kind) == [.folder, .file, .symlink, .submodule, .executable])
            #expect(listing.entries.map(\.mode) == [0o040000, 0o100644, 0o120000, 0o160000, 0o100755])
            #expect(listing.entries.map(\.sizeBytes) == [nil, 6, 16, nil, 4])
            for absent in ["file", "link", "module", "link/x", "module/x", "absent", "dir/x/y"] {
                let failure = await #expect(throws: Failure.self) {
                    try await scratch.git.folder(at: TreePath(absent), of: Revision("main"))
                }
                #expect(failure?.code == .missing)
            }
        }
    }

    @Test func `a tree is told in pages, with what is in its folders or without`() async throws {
        try await withScratch { scratch in
            try await scratch.sh(
                "mkdir -p a/b; echo 1 > a/b/x; echo 22 > a/y; echo 333 > z; commit one; git tag v1"
            )
            let git = scratch.git
            let root = try await scratch.id("main^{tree}")

            let flat = try await git.treePage(of: Revision("main"), isRecursive: false, offset: 0, limit: 10)
            #expect(flat.entries.map(\.path.description) == ["a", "z"])
            #expect(flat.entries.map(\.sizeBytes) == [nil, 4])
            #expect((flat.tree, flat.total, flat.isCutOff) == (root, 2, false))

            let tree = Revision(root)
            let first = try await git.treePage(of: tree, isRecursive: true, offset: 0, limit: 3)
            let second = try await git.treePage(of: tree, isRecursive: true, offset: 3, limit: 3)
            let paths = (first.entries + second.entries).map(\.path.description)
            #expect(paths == ["a", "a/b", "a/b/x", "a/y", "z"])
            #expect([first.total, second.total] == [5, 5])

            let inner = try await git.treePage(
                of: Revision(scratch.id("main:a")),
                isRecursive: true,
                offset: 0,
                limit: 9
            )
            #expect(inner.entries.map(\.path.description) == ["b", "b/x", "y"])
            let file = try await scratch.id("main:z")
            for absent in ["absent", "\(file)"] {
                let failure = await #expect(throws: Failure.self) {
                    try await git.treePage(of: Revision(absent), isRecursive: true, offset: 0, limit: 1)
                }
                #expect(failure?.code == .missing)
            }
        }
    }

    /// Twenty folders that each name the next one ten times stand for more than anybody could list.
    @Test func `a tree that stands for too many entries is cut off`() async throws {
        try await withScratch { scratch in
            try await scratch.sh(
                #"""
                tree=$(printf "100644 blob $(echo x | git hash-object -w --stdin)\tx\n" | git mktree)
                for depth in $(seq 20); do
                    tree=$(for name in 0 1 2 3 4 5 6 7 8 9; do printf "040000 tree $tree\t$name\n"; done | git mktree)
                done
                tick; git update-ref refs/heads/main $(git commit-tree -m one $tree)
                """#
            )
            let page = try await scratch.git.treePage(
                of: Revision("main"),
                isRecursive: true,
                offset: 99_999,
                limit: 10
            )
            #expect(page.isCutOff)
            #expect((page.total, page.entries.count) == (100_000, 1))
        }
    }

    @Test func `names are bytes, and each can be asked for`() async throws {
        try await withScratch { scratch in
            try await scratch.sh(
                #"""
                blob=$(echo x | git hash-object -w --stdin)
                inner=$(printf "100644 blob $blob\tin\0" | git mktree -z)
                tree=$( { printf "100644 blob $blob\tline\nbreak\0"; printf "040000 tree $inner\tbad\377name\0"
                    printf "100644 blob $blob\tback\\\\slash\0"; } | git mktree -z)
                tick; git update-ref refs/heads/main $(git commit-tree -m one $tree)
                """#
            )
            let listing = try await scratch.git.folder(
                of: Revision("main"),
                with: .lastCommits(waitMs: 10_000)
            )
            #expect(listing.entries.map(\.name) == ["back\\slash", "bad\u{FFFD}name", "line\nbreak"])
            #expect(
                listing.entries.map(\.path.percentEncoded) == ["back%5cslash", "bad%ffname", "line%0abreak"]
            )
            let inner = try await scratch.git.folder(at: listing.entries[1].path, of: Revision("main"))
            #expect(inner.entries.map(\.path.bytes) == [Array("bad".utf8) + [0xFF] + Array("name/in".utf8)])
        }
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func `last commits are those of git log`(seed: UInt64) async throws {
        try await withScratch { scratch in
            try await scratch.makeTangledHistory(commits: 70, seed: seed)

            for revision in try await scratch.lines("git rev-list main | sort | head -12") + ["main"] {
                for folder in ["", "folder", "folder/deep"] {
                    let path = try TreePath(folder)
                    guard
                        let listing = try? await scratch.git.folder(
                            at: path,
                            of: Revision(revision),
                            with: .lastCommits(waitMs: 60_000)
                        )
                    else {
                        #expect(
                            try await scratch.sh("git ls-tree '\(revision)' '\(folder)' | cut -c1-6")
                                != "040000"
                        )
                        continue
                    }
                    #expect(listing.hasAllLastCommits)
                    for entry in listing.entries {
                        let expected = try await scratch.sh(
                            "git log -1 --format='%H %s' \(revision) -- \(entry.path)"
                        )
                        let found = entry.lastCommit.map { "\($0.id) \($0.summary)" }
                        #expect(found == expected, "\(entry.path) at \(revision)")
                    }
                }
            }
        }
    }

    @Test func `last commits that are not found in time are there later`() async throws {
        try await withScratch { scratch in
            try await scratch.makeTangledHistory(commits: 30, seed: 5)

            let early = try await scratch.git.folder(of: Revision("main"), with: .lastCommits(waitMs: 0))
            #expect(!early.hasAllLastCommits && early.entries.count > 2)
            #expect(early.entries.allSatisfy { $0.lastCommit == nil })
            try await scratch.git.finishSearches()
            let late = try await scratch.git.folder(of: Revision("main"), with: .lastCommits(waitMs: 0))
            #expect(late.hasAllLastCommits)
            let expected = try await scratch.git.folder(of: Revision("main"), with: .sizes)
            #expect(late.entries.map(\.sizeBytes) == expected.entries.map(\.sizeBytes))
        }
    }

    @Test func `a branch that moves takes its last commits along`() async throws {
        try await withScratch { scratch in
            try await scratch.sh("mkdir d; echo 1 > d/x; echo 1 > d/y; commit one")
            let path = try TreePath("d")
            let before = try await scratch.git.folder(
                at: path,
                of: Revision("main"),
                with: .lastCommits(waitMs: 9_000)
            )
            try await scratch.sh("echo 2 > d/x; commit two; echo 1 > z; commit three")
            let update = RefUpdate(
                ref: "refs/heads/main",
                before: before.commit,
                after: try await scratch.id("main")
            )

            try await scratch.git.refreshLastCommits(after: [update])
            try await scratch.git.finishSearches()

            let after = try await scratch.git.folder(
                at: path,
                of: Revision("main"),
                with: .lastCommits(waitMs: 0)
            )
            #expect(
                after.hasAllLastCommits && after.entries.compactMap(\.lastCommit?.summary) == ["two", "one"]
            )
            let root = try await scratch.git.folder(of: Revision("main"), with: .lastCommits(waitMs: 0))
            #expect(
                root.hasAllLastCommits && root.entries.compactMap(\.lastCommit?.summary) == ["two", "three"]
            )
        }
    }

    @Test(arguments: [
        "git gc -q --prune=now", "git repack -q -ad --write-midx --write-bitmap-index",
        "git repack -q -d --geometric=2 --write-midx; git commit-graph write --reachable --changed-paths --split",
    ])
    func `a repository that is packed anew meanwhile can still be read`(packing: String) async throws {
        try await withScratch { scratch in
            for round in 0..<4 {
                try await scratch.sh(
                    "mkdir -p d; echo \(round) > d/\(round); commit \(round); seq \(round) 99 > a; commit a"
                )
                _ = try await scratch.git.commit(Revision("main"))
                try await scratch.sh(packing)
                let page = try await scratch.git.log(Revision("main"), LogQuery(limit: 1_000))
                #expect(try await page.commits.map { "\($0.id)" } == scratch.lines("git rev-list main"))
                let listing = try await scratch.git.folder(
                    of: Revision("main"),
                    with: .lastCommits(waitMs: 9_000)
                )
                for entry in listing.entries {
                    let expected = try await scratch.sh("git log -1 --format=%H main -- \(entry.path)")
                    #expect(entry.lastCommit.map { "\($0.id)" } == expected)
                }
            }
        }
    }

    @Test func `a broken cache is no answer`() async throws {
        try await withScratch { scratch in
            try await scratch.sh("echo 1 > x; commit one")
            _ = try await scratch.git.folder(of: Revision("main"), with: .lastCommits(waitMs: 9_000))
            try await scratch.sh(
                "for f in $GIT_DIR/roost-last-commits/*; do head -c 70 $f > t; cat t > $f; done; rm t"
            )
            let listing = try await scratch.git.folder(
                of: Revision("main"),
                with: .lastCommits(waitMs: 9_000)
            )
            #expect(listing.entries.compactMap(\.lastCommit?.summary) == ["one"])
        }
    }
}
