import Core
import NIOCore
import Repositories
import Testing

@Suite struct FileTests {
    @Test func `a file is given whole or in pieces`() async throws {
        try await withScratch { scratch in
            try await scratch.sh("head -c 9000000 /dev/urandom > big; printf hello > small; commit one")
            let expected = try await scratch.run("git cat-file blob main:big")

            let big = try await scratch.git.entry(at: TreePath("big"), of: Revision("main"))
            #expect(big.sizeBytes == 9_000_000)
            var pieces: [UInt8] = []
            var count = 0
            try await scratch.git.forEachPiece(of: big) { piece in
                pieces += Array(piece.readableBytesView)
                count += 1
            }
            #expect(pieces == expected && count > 10)
            #expect(try await scratch.git.bytes(of: big, limitBytes: 9_000_000) == expected)
            let failure = await #expect(throws: Failure.self) {
                try await scratch.git.bytes(of: big, limitBytes: 8_999_999)
            }
            #expect(failure?.code == .tooLarge)
            let small = try await scratch.git.entry(at: TreePath("small"), of: Revision("main"))
            try await scratch.git.forEachPiece(of: small) { #expect(String(buffer: $0) == "hello") }
        }
    }

    @Test func `a link is its target and leads nowhere`() async throws {
        try await withScratch { scratch in
            try await scratch.sh("ln -s /etc/passwd link; ln -s . self; mkdir d; echo 1 > d/x; commit one")
            let link = try await scratch.git.entry(at: TreePath("link"), of: Revision("main"))
            #expect(try await scratch.git.bytes(of: link, limitBytes: 100) == Array("/etc/passwd".utf8))
            for absent in ["self/d/x", "self/self", "link/x"] {
                await #expect(throws: Failure.self) {
                    try await scratch.git.entry(at: TreePath(absent), of: Revision("main"))
                }
            }
            let folder = try await scratch.git.entry(at: TreePath("d"), of: Revision("main"))
            await #expect(throws: Failure.self) { try await scratch.git.bytes(of: folder, limitBytes: 100) }
        }
    }

    @Test func `a pointer of LFS is told from other files`() async throws {
        try await withScratch { scratch in
            let oid = String(repeating: "0a", count: 32)
            try await scratch.sh(
                """
                printf 'version https://git-lfs.github.com/spec/v1\\noid sha256:\(oid)\\nsize 12345\\n' > pointer
                printf 'version https://git-lfs.github.com/spec/v1\\noid sha256:zz\\nsize 12345\\n' > broken
                printf 'version https://git-lfs.github.com/spec/v1\\noid sha256:\(oid)\\nsize -1\\n' > negative
                commit one
                """
            )
            func pointer(_ name: String) async throws -> LFSPointer? {
                let file = try await scratch.git.entry(at: TreePath(name), of: Revision("main"))
                return try await scratch.git.lfsPointer(of: file)
            }
            let found = try await pointer("pointer")
            #expect(found?.oid == oid && found?.sizeBytes == 12_345)
            #expect(try await pointer("broken") == nil)
            #expect(try await pointer("negative") == nil)
        }
    }

    @Test(
        arguments: [
            (["README.md", "readme.txt"], "README.md"), (["Readme.rst", "a.md"], "Readme.rst"),
            (["README"], "README"),
            (["a.md"], nil),
        ] as [([String], String?)]
    )
    func `the file that tells about a folder is found`(names: [String], expected: String?) async throws {
        try await withScratch { scratch in
            try await scratch.sh(
                names.map { "echo 1 > \($0)\n" }.joined() + "mkdir readme; echo 1 > readme/x; commit one"
            )
            let listing = try await scratch.git.folder(of: Revision("main"))
            #expect(listing.readme?.name == expected)
        }
    }

    @Test func `a tree as deep as paths go can be walked`() async throws {
        try await withScratch { scratch in
            try await scratch.sh(
                """
                id=$(echo x | git hash-object -w --stdin); line="100644 blob $id\tx"
                for i in $(seq 1 300); do id=$(echo "$line" | git mktree); line="040000 tree $id\td"; done
                tick; git update-ref refs/heads/main $(git commit-tree -m one $id)
                """
            )
            let path = try TreePath(Array(repeating: "d", count: 250).joined(separator: "/"))
            let listing = try await scratch.git.folder(
                at: path,
                of: Revision("main"),
                with: .lastCommits(waitMs: 9_000)
            )
            #expect(listing.entries.map(\.name) == ["d"] && listing.hasAllLastCommits)
        }
    }
}
