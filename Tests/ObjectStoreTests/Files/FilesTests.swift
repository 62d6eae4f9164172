import Core
import Database
import NIOCore
import Synchronization
import TestSupport
import Testing

@testable import ObjectStore

@Suite
struct FilesTests {
    @Test(arguments: Backend.available, [0, 5, 65_536, 65_537, 3_000_000])
    func `a file is read back by its path`(on backend: Backend, sizeBytes: Int) async throws {
        try await withFiles(on: backend) { files, _ in
            let content = Bytes.random(sizeBytes)

            let kept = try await files.put(content, "0/r/artifacts/model.bin")

            let found = try #require(try await files.find(try ArtifactPath("0/r/artifacts/model.bin")))
            let read = try await files.bytes(of: found)
            #expect(found == kept)
            #expect(found.sizeBytes == Int64(sizeBytes))
            #expect(found.hash.hex == Bytes.sha256(content))
            #expect(read == content)
        }
    }

    @Test(arguments: Backend.available)
    func `a file is replaced whole, and its old content is not needed any more`(
        on backend: Backend
    ) async throws {
        try await withFiles(on: backend) { files, _ in
            try await files.put(Bytes.random(100_000), "a")
            try await files.put(Array("new".utf8), "a")

            let found = try #require(try await files.find(try ArtifactPath("a")))
            let read = try await files.bytes(of: found)
            #expect(read == Array("new".utf8))
            let counts = try await files.counts()
            #expect(counts == [0, 1])
        }
    }

    @Test(arguments: Backend.available)
    func `a file that comes again with its own content is counted once`(on backend: Backend) async throws {
        try await withFiles(on: backend) { files, root in
            for content in [Bytes.random(1_000), Bytes.random(100_000)] {
                let first = try await files.put(content, "a")
                let again = try await files.put(content, "a")

                #expect(again.objectKey == first.objectKey)
                #expect(again.location == first.location)
                #expect(try await files.bytes(of: again) == content)
            }
            #expect(try await files.counts() == [0, 1])
            #expect(try ObjectStoreTests.files(under: root).count == 1)
        }
    }

    /// Each holds its path and then the objects in one order, so that no transaction has to run again.
    @Test(arguments: Backend.available)
    func `files that take turns with two contents do not wait for each other's`(
        on backend: Backend
    ) async throws {
        let runs = Mutex(0)
        try await withFiles(on: backend) { files, _ in
            let contents = [Bytes.random(10), Bytes.random(20)]
            for (number, content) in contents.enumerated() { try await files.put(content, "kept\(number)") }
            let name: @Sendable (StoredContent, ArtifactPath) async throws -> Void = { content, path in
                try await files.store.database.write { connection in
                    runs.withLock { $0 += 1 }
                    _ = try connection.name(NewObject(content), path, in: files.workspace)
                }
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for place in 0..<6 {
                    group.addTask {
                        let path = try ArtifactPath("f\(place)")
                        for turn in 0..<30 {
                            let content = try await files.store.objects.put(
                                Pieces(of: contents[(place + turn) % 2]),
                                inlineBytes: FileStore.inlineBytes,
                                limitBytes: .max
                            )
                            try await name(content, path)
                        }
                    }
                }
                try await group.waitForAll()
            }

            #expect(try await files.counts() == [4, 4])
            #expect(runs.withLock { $0 } == 6 * 30)
        }
    }

    @Test(arguments: Backend.available, [1_000, 100_000])
    func `identical files are stored once and counted`(on backend: Backend, sizeBytes: Int) async throws {
        try await withFiles(on: backend) { files, root in
            let content = Bytes.random(sizeBytes)
            for name in ["a", "b", "c/d"] { try await files.put(content, name) }
            try await files.put(content, "b")

            let counts = try await files.counts()
            let stored = try ObjectStoreTests.files(under: root)

            #expect(counts == [3])
            #expect(stored.count == (sizeBytes > FileStore.inlineBytes ? 1 : 0))
        }
    }

    @Test(arguments: Backend.available)
    func `many uploads of one content at the same time are one object`(on backend: Backend) async throws {
        try await withFiles(on: backend) { files, root in
            let content = Bytes.random(100_000)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<20 { group.addTask { try await files.put(content, "f\(number)") } }
                try await group.waitForAll()
            }

            let counts = try await files.counts()
            let stored = try ObjectStoreTests.files(under: root)
            #expect(counts == [20])
            #expect(stored.count == 1)
        }
    }

    @Test(arguments: Backend.available)
    func `a broken upload leaves the file as it was`(on backend: Backend) async throws {
        try await withFiles(on: backend) { files, root in
            try await files.put(Array("old".utf8), "a")

            for size in [10, 100_000] {
                await #expect(throws: Broken.self) {
                    _ = try await files.put(
                        Pieces(of: Bytes.random(size * 2), by: size, breaksAfter: 1),
                        at: try ArtifactPath("a")
                    )
                }
            }

            let read = try await files.bytes(of: try #require(try await files.find(try ArtifactPath("a"))))
            let stored = try ObjectStoreTests.files(under: root)
            #expect(read == Array("old".utf8))
            #expect(stored.isEmpty)
        }
    }

    @Test(arguments: Backend.available)
    func `a name is a file or a folder, never both`(on backend: Backend) async throws {
        try await withFiles(on: backend) { files, root in
            try await files.put([1], "a/b")

            for path in ["a", "a/b/c", "a/b/c/d"] {
                let failure = await #expect(throws: Failure.self) {
                    try await files.put(Bytes.random(100_000), path)
                }
                #expect(failure?.code == .invalidParameter)
            }

            let stored = try ObjectStoreTests.files(under: root)
            #expect(stored.isEmpty)
        }
    }

    @Test(arguments: Backend.available)
    func `a folder is listed by its own names, sorted as the original sorts`(on backend: Backend) async throws
    {
        try await withFiles(on: backend) { files, _ in
            for path in [
                "r/a.txt", "r/a/x", "r/a/y/z", "r/a0", "r/é", "r/Z", "r/日本", "rx", "r-/x", "r/b/c/d/e",
            ] {
                try await files.put([1, 2], path)
            }

            let names = try await files.list(try ArtifactPath("r"))

            #expect(
                names == [
                    .init(name: "Z", sizeBytes: 2), .init(name: "a", sizeBytes: nil),
                    .init(name: "a.txt", sizeBytes: 2), .init(name: "a0", sizeBytes: 2),
                    .init(name: "b", sizeBytes: nil), .init(name: "é", sizeBytes: 2),
                    .init(name: "日本", sizeBytes: 2),
                ]
            )
            let roots = try await files.list(nil).map(\.name)
            #expect(roots == ["r", "r-", "rx"])
            for path in ["r/a.txt", "none", "r/a/x"] {
                let nothing = try await files.list(try ArtifactPath(path))
                #expect(nothing.isEmpty)
            }
            let isFolder = try await files.isFolder(try ArtifactPath("r/a"))
            let isNone = try await files.isFolder(try ArtifactPath("r/a.txt"))
            #expect(isFolder && !isNone)
        }
    }

    @Test(arguments: Backend.available)
    func `a listing costs its own names, whatever lies below them`(on backend: Backend) async throws {
        try await withFiles(on: backend) { files, _ in
            let one = try await files.put([1], "seed")
            try await files.fill(
                one,
                (0..<20).flatMap { folder in (0..<1_000).map { "r/d\(folder)/f\($0)" } }
            )
            try await files.fill(one, (0..<3_000).map { "r/x\($0)" })
            try await files.fill(one, (0..<500).map { "r/s\($0)/only" })

            let names = try await files.list(try ArtifactPath("r"))

            #expect(names.count == 3_520)
            #expect(names.count(where: \.isFolder) == 520)
            #expect(Set(names.map(\.name)).count == 3_520)
            await #expect(throws: Failure.self) {
                _ = try await files.list(try ArtifactPath("r"), limit: 3_519)
            }
        }
    }

    @Test(arguments: Backend.available)
    func `a folder is listed page by page, each name once`(on backend: Backend) async throws {
        try await withFiles(on: backend) { files, _ in
            let one = try await files.put([1], "seed")
            let names =
                (0..<40).map { "r/d\($0)/f" } + (0..<40).map { "r/d\($0)/g" } + (0..<50).map { "r/d\($0)-x" }
            try await files.fill(one, names + ["s"])
            let folder = try ArtifactPath("r")

            var (found, sizes, after): ([String], [Int], String?) = ([], [], nil)
            repeat {
                let page = try await files.page(of: folder, after: after, limit: 17)
                found += page.entries.map(\.name)
                sizes.append(page.entries.count)
                after = page.next
            } while after != nil

            let whole = try await files.list(folder).map(\.name)
            #expect(found.count == 90 && found.sorted() == whole.sorted())
            #expect(sizes == [17, 17, 17, 17, 17, 5])
            let exact = try await files.page(of: folder, limit: 90)
            #expect(exact.next == nil && exact.entries.map(\.name) == whole)
            for after in ["../x", "a\0b", "/"] {
                await #expect(throws: Failure.self) {
                    _ = try await files.page(of: folder, after: after, limit: 5)
                }
            }
        }
    }

    @Test func `a listing reads a range of the key and nothing else`() async throws {
        try await withFiles(on: .sqlite) { files, _ in
            let plan = try await files.store.database.read { connection in
                try connection.rows(
                    """
                    EXPLAIN QUERY PLAN SELECT path, size_bytes FROM files
                    WHERE workspace_id = 1 AND path >= 'a/' AND path < 'a0' ORDER BY path LIMIT 16
                    """
                ) { $0.text(3) }
            }

            #expect(plan == ["SEARCH files USING PRIMARY KEY (workspace_id=? AND path>? AND path<?)"])
        }
    }

    @Test(arguments: Backend.available)
    func `a tree is deleted but for what is kept of it`(on backend: Backend) async throws {
        try await withFiles(on: backend) { files, _ in
            let names =
                ["r", "r!", "r-1/a", "r0"].map { "x/" + $0 } + ["a", "model", "model-2/a"].map { "t/" + $0 }
            for name in names { try await files.put([1], name) }
            for number in 0..<5_100 { try await files.put([2], "t/many/\(number)") }
            for name in ["t/kept/a", "t/kept/b/c", "t/kept-not", "t/z"] { try await files.put([3], name) }
            let kept = try Set(["t/kept", "t/model", "t/gone", "elsewhere"].map { try ArtifactPath($0) })

            let first = try await files.delete(try ArtifactPath("t"), keeping: kept)
            let again = try await files.delete(try ArtifactPath("t"), keeping: kept)
            let single = try await files.delete(try ArtifactPath("x/r"), keeping: kept)

            #expect(first == (deleted: 5_104, kept: 3))
            #expect(again == (deleted: 0, kept: 3))
            #expect(single == (deleted: 1, kept: 0))
            var left: [String] = []
            for folder in ["t", "x"] {
                left += try await files.tree(try ArtifactPath(folder), limit: 100).map(\.path.text)
            }
            #expect(left == ["t/kept/a", "t/kept/b/c", "t/model", "x/r!", "x/r-1/a", "x/r0"])
        }
    }

    @Test(arguments: Backend.available)
    func `a tree is deleted with all its files and nothing beside it`(on backend: Backend) async throws {
        try await withFiles(on: backend) { files, _ in
            let one = try await files.put([1], "r/a")
            try await files.fill(one, (0..<12_000).map { "r/b/f\($0)" })
            for path in ["r.txt", "r/c/d", "rr/x", "r-/x"] { try await files.put([2], path) }

            let deleted = try await files.delete(try ArtifactPath("r"))
            let again = try await files.delete(try ArtifactPath("r"))

            #expect(deleted == 12_002)
            #expect(again == 0)
            let left = try await files.list(nil).map(\.name)
            #expect(left == ["r-", "r.txt", "rr"])
            let counts = try await files.counts()
            #expect(counts == [0, 3])
        }
    }

    @Test(arguments: Backend.available)
    func `a workspace does not see the files of another`(on backend: Backend) async throws {
        try await withFiles(on: backend) { files, _ in
            let eve = files.store.files(for: Caller(name: "eve", workspace: WorkspaceID(key: 2)))
            try await files.put([1], "a/b")

            let found = try await eve.find(try ArtifactPath("a/b"))
            let listed = try await eve.list(nil)
            let deleted = try await eve.delete(try ArtifactPath("a"))

            #expect(found == nil)
            #expect(listed.isEmpty)
            #expect(deleted == 0)
            let kept = try await files.find(try ArtifactPath("a/b"))
            #expect(kept != nil)
        }
    }

    @Test(arguments: Backend.available)
    func `a lost content comes back with the next upload of it`(on backend: Backend) async throws {
        try await withFiles(on: backend) { files, _ in
            let content = Bytes.random(100_000)
            let lost = try await files.put(content, "a")
            try await files.store.objects.remove(try #require(lost.location))
            await #expect(throws: MissingObject.self) { _ = try await files.bytes(of: lost) }

            try await files.put(content, "b")

            let read = try await files.bytes(of: try #require(try await files.find(try ArtifactPath("a"))))
            #expect(read == content)
        }
    }
}
