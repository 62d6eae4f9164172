import Core
import Repositories
import Testing

@Suite struct LanguagesTests {
    @Test func `languages are told by the sizes of their files`() async throws {
        try await withScratch { scratch in
            try await scratch.sh(
                """
                mkdir -p src/deep; head -c 750 /dev/zero > src/deep/train.PY; head -c 250 /dev/zero > run.sh
                head -c 9999 /dev/zero > data.csv; head -c 2000000 /dev/zero > made.py
                git add -A; git update-index --add --cacheinfo 160000,1111111111111111111111111111111111111111,module.py
                tick; git commit -qm one
                """
            )
            let commit = try await scratch.id("main")

            let found = try await scratch.git.languages(of: commit)

            #expect(found.map(\.name) == ["Python", "Shell"])
            #expect(found.map(\.percent) == [75, 25])
        }
    }

    @Test func `of a large tree some files are looked at`() async throws {
        try await withScratch { scratch in
            try await scratch.sh("for n in 1 2 3 4; do echo $n > $n.py; done; echo 5 > 9.sh; commit one")
            let commit = try await scratch.id("main")

            #expect(try await scratch.git.languages(of: commit, mostFiles: 4).map(\.name) == ["Python"])
            #expect(try await scratch.git.languages(of: commit, most: 1).map(\.name) == ["Python"])
        }
    }

    @Test func `a tree that stands for endlessly many folders is given up`() async throws {
        try await withScratch { scratch in
            try await scratch.sh(
                #"""
                tree=$(git mktree </dev/null)
                for depth in $(seq 1 40); do
                    tree=$(for name in a b c d; do printf '040000 tree %s\t%s\n' $tree $name; done | git mktree)
                done
                git update-ref refs/heads/main $(git commit-tree -m bomb $tree)
                """#
            )
            let commit = try await scratch.id("main")

            #expect(try await scratch.git.languages(of: commit).isEmpty)
        }
    }

    @Test func `a tree without code has no languages`() async throws {
        try await withScratch { scratch in
            try await scratch.sh("echo x > notes.txt; commit one")
            let commit = try await scratch.id("main")

            #expect(try await scratch.git.languages(of: commit).isEmpty)
        }
    }
}
