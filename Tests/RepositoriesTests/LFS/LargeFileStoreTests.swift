import Core
import Database
import Foundation
import NIOCore
import NIOPosix
import ObjectStore
import Repositories
import TestSupport
import Testing

private let fork = WorkspaceID(key: 8)
private let eve = Caller(name: "eve", account: AccountID(key: 3), workspace: fork)

@Suite struct LargeFileStoreTests {
    @Test(arguments: Backend.available)
    func `a file is kept and read again, small or large`(on backend: Backend) async throws {
        try await withLargeFiles(on: backend) { place in
            for size in [0, 5, 300_000] {
                let content = try await Content("of \(size)", size: size)
                let store = place.store(for: ann)

                try await store.put(content, hashed: content.hash)
                try await store.put(content, hashed: content.hash)

                let file = try await store.get(content.hash)
                #expect(file.sizeBytes == Int64(content.bytes.count))
                #expect(file.storedMs == 1_000)
                #expect(try await place.read(file, for: ann) == content.bytes)
                #expect(try await place.references(to: content.hash) == 1)
            }
            #expect(try place.countOnDisk() == 1)
        }
    }

    @Test func `what a pointer stands for is found, where it was sent`() async throws {
        try await withLargeFiles(on: .sqlite) { place in
            let content = try await Content("kept", size: 2_000)
            let store = place.store(for: ann)
            try await store.put(content, hashed: content.hash)
            let hashes = [
                "kept.bin": content.hash.hex, "absent.bin": String(repeating: "0", count: 64),
            ]
            var changes = try hashes.map { name, hash in
                let text = "version https://git-lfs.github.com/spec/v1\noid sha256:\(hash)\nsize 2000\n"
                return FileChange.create(try WritablePath(name), .bytes(Array(text.utf8)))
            }
            changes.append(.create(try WritablePath("plain/x.txt"), .bytes([0x78])))
            let git = place.repositories.git(for: Pusher(ann, isAdmin: true))
            let person = Signature(name: "Ann", email: "ann@example.org", seconds: 0)
            _ = try await git.commit(
                CommitRequest(on: BranchName("main"), changes, message: "Add files", by: person)
            )

            let folder = try await git.folder(of: Revision("main"), with: .sizes)
            let kept = try await store.kept(for: folder.entries, in: git)

            #expect(
                folder.entries.map { kept[$0.id]?.hash }
                    == folder.entries.map { $0.name == "kept.bin" ? content.hash : nil }
            )
            #expect(folder.entries.count == 3)
        }
    }

    @Test(arguments: Backend.available)
    func `what attributes give to Git LFS is kept by it`(on backend: Backend) async throws {
        try await withLargeFiles(on: backend) { place in
            let git = place.repositories.git(for: Pusher(ann, isAdmin: true))
            func commit(_ files: [(String, String)], keeping store: FileStore?) async throws {
                let changes = try files.map {
                    FileChange.write(try WritablePath($0.0), .bytes(Array($0.1.utf8)))
                }
                let person = Signature(name: "Ann", email: "ann@example.org", seconds: 0)
                let request = CommitRequest(on: try BranchName("main"), changes, message: "Add", by: person)
                _ = try await place.repositories.commit(request, to: git, largeFilesIn: store)
            }
            func text(_ path: String) async throws -> String {
                let entry = try await git.entry(at: TreePath(path), of: Revision("main"))
                return String(decoding: try await git.bytes(of: entry, limitBytes: 1_000), as: UTF8.self)
            }
            let content = try await Content("large", size: 900)
            let large = String(decoding: content.bytes, as: UTF8.self)
            let pointer =
                "version https://git-lfs.github.com/spec/v1\noid sha256:\(content.hash.hex)\nsize 900\n"

            // The attributes come with the first files that they are for.
            try await commit(
                [(".gitattributes", "*.bin filter=lfs\n"), ("a.bin", large), ("a.txt", large)],
                keeping: place.files
            )
            #expect(try await text("a.bin") == pointer)
            #expect(try await text("a.txt") == large)
            let kept = try await place.store(for: ann).get(content.hash)
            #expect(try await place.read(kept, for: ann) == content.bytes)

            // A pointer and an empty file stay what they are, and a folder may say otherwise.
            try await commit(
                [
                    ("plain/.gitattributes", "*.bin -filter\n"), ("plain/b.bin", large), ("b.bin", pointer),
                    ("c.bin", ""),
                ],
                keeping: nil
            )
            #expect(try await text("plain/b.bin") == large)
            #expect(try await text("b.bin") == pointer)
            #expect(try await text("c.bin").isEmpty)

            await expectFailure(.featureDisabled, containing: "'d/d.bin' is a file of Git LFS") {
                try await commit([("d/d.bin", large)], keeping: nil)
            }
            let path = try LockPath("a.bin")
            _ = try await place.repositories.fileLocks(for: bob).lock(path)
            await expectFailure(.permissionDenied, containing: "'a.bin' is locked by bob") {
                try await commit([("e.txt", "e"), ("a.bin", "x")], keeping: place.files)
            }
        }
    }

    @Test(arguments: Backend.available)
    func `of a content that is another than was said nothing is kept`(on backend: Backend) async throws {
        try await withLargeFiles(on: backend) { place in
            for size in [10, 300_000] {
                let content = try await Content("one", size: size)
                let other = try await Content("two", size: size)

                await expectFailure(.invalidParameter, containing: "not \(other.hash.hex)") {
                    try await place.store(for: ann).put(content, hashed: other.hash)
                }

                #expect(try await place.store(for: ann).find([content.hash, other.hash]).isEmpty)
                #expect(try await place.references(to: content.hash) == nil)
            }
            #expect(try place.countOnDisk() == 0)
        }
    }

    @Test(arguments: Backend.available)
    func `of a content of another length than was said nothing is kept`(on backend: Backend) async throws {
        try await withLargeFiles(on: backend) { place in
            for size in [10, 300_000] {
                let content = try await Content("one", size: size)
                let length = Int64(content.bytes.count)
                let store = place.store(for: ann)

                await expectFailure(.invalidParameter, "The content has \(length) bytes, not \(length + 1).")
                {
                    try await store.put(content, hashed: content.hash, sizeBytes: length + 1)
                }

                #expect(try await place.references(to: content.hash) == nil)
                #expect(try place.countOnDisk() == 0)
            }
            let content = try await Content("one", size: 10)
            let length = Int64(content.bytes.count)
            try await place.store(for: ann).put(content, hashed: content.hash, sizeBytes: length)
            #expect(try await place.references(to: content.hash) == 1)
        }
    }

    @Test(arguments: Backend.available)
    func `repositories share bytes, and read only what they have`(on backend: Backend) async throws {
        try await withLargeFiles(on: backend) { place in
            let content = try await Content("secret", size: 300_000)
            try await place.store(for: ann).put(content, hashed: content.hash)

            await expectFailure(.missing, "The repository has no object \(content.hash.hex).") {
                _ = try await place.store(for: eve).get(content.hash)
            }
            try await place.store(for: eve).put(content, hashed: content.hash)

            let file = try await place.store(for: eve).get(content.hash)
            #expect(try await place.read(file, for: eve) == content.bytes)
            #expect(try await place.references(to: content.hash) == 2)
            #expect(try place.countOnDisk() == 1)
        }
    }

    @Test(arguments: Backend.available)
    func `artifacts and large files do not see each other`(on backend: Backend) async throws {
        try await withLargeFiles(on: backend) { place in
            let content = try await Content("weights", size: 300_000)
            let artifacts = place.files.files(for: ann)
            try await place.store(for: ann).put(content, hashed: content.hash)
            #expect(try await artifacts.list(nil).isEmpty)
            let path = try ArtifactPath("weights.bin")
            _ = try await artifacts.put(content, at: path)
            try await artifacts.delete(path)

            #expect(try await place.files.collectGarbage(releasedBeforeMs: .max).objects == 0)
            let file = try await place.store(for: ann).get(content.hash)
            #expect(try await place.read(file, for: ann) == content.bytes)
        }
    }

    @Test(arguments: Backend.available)
    func `a fork has the files, and keeps them when the first is gone`(on backend: Backend) async throws {
        try await withLargeFiles(on: backend) { place in
            var contents: [Content] = []
            for number in 0..<5 { contents.append(try await Content("file \(number)", size: 70_000)) }
            for content in contents { try await place.store(for: ann).put(content, hashed: content.hash) }
            try await place.store(for: eve).put(contents[0], hashed: contents[0].hash)

            for _ in 0..<2 { try await place.repositories.copyLargeFiles(from: iris, to: fork) }
            for content in contents { #expect(try await place.references(to: content.hash) == 2) }
            let glances = try await place.repositories.glances(at: [iris, fork])
            let sizeBytes = Int64(contents.reduce(0) { $0 + $1.bytes.count })
            #expect(glances[iris]?.sizeBytes == sizeBytes && glances[fork]?.sizeBytes == sizeBytes)
            try await place.repositories.removeLargeFiles(of: iris)

            #expect(try await place.store(for: ann).find(contents.map(\.hash)).isEmpty)
            #expect(try await place.files.collectGarbage(releasedBeforeMs: .max).objects == 0)
            for content in contents {
                let file = try await place.store(for: eve).get(content.hash)
                #expect(try await place.read(file, for: eve) == content.bytes)
            }
            try await place.repositories.removeLargeFiles(of: fork)
            #expect(try await place.files.collectGarbage(releasedBeforeMs: .max).objects == 5)
            #expect(try place.countOnDisk() == 0)
        }
    }

    @Test(arguments: Backend.available)
    func `more files than one step takes are copied and removed`(on backend: Backend) async throws {
        try await withLargeFiles(on: backend) { place in
            let content = try await Content("one", size: 3)
            try await place.store(for: ann).put(content, hashed: content.hash)
            try await place.database.write { connection in
                let key = try connection.first("SELECT object_key FROM lfs_objects") { $0.int(0) } ?? 0
                let others = (0..<2_500).flatMap { number -> [Value] in
                    [.integer(iris.key), .text("\(number)"), .integer(key), .integer(3), .integer(1)]
                }
                let columns = ["workspace_id", "oid", "object_key", "size_bytes", "stored_ms"]
                try connection.insert(into: "lfs_objects", columns, values: others)
                try connection.execute("UPDATE objects SET reference_count = 2501")
            }

            try await place.repositories.copyLargeFiles(from: iris, to: fork)
            #expect(try await place.count(in: fork) == 2_501)
            try await place.repositories.removeLargeFiles(of: fork)
            #expect(try await place.count(in: fork) == 0)
            #expect(try await place.count(in: iris) == 2_501)
        }
    }

    @Test(arguments: Backend.available)
    func `who send one file at the same time share it`(on backend: Backend) async throws {
        try await withLargeFiles(on: backend) { place in
            let content = try await Content("same", size: 300_000)
            try await withThrowingTaskGroup { group in
                for _ in 0..<6 {
                    group.addTask { try await place.store(for: ann).put(content, hashed: content.hash) }
                }
                try await group.waitForAll()
            }
            #expect(try await place.references(to: content.hash) == 1)
            #expect(try place.countOnDisk() == 1)
        }
    }
}

/// Repositories with an object store beside them.
private struct LFSPlace: Sendable {
    let repositories: Repositories
    let files: FileStore
    let database: any Database
    let objectsFolder: String

    func store(for caller: Caller) -> LargeFileStore { repositories.largeFiles(in: files, for: caller) }

    func read(_ file: LargeFile, for caller: Caller) async throws -> [UInt8] {
        let content = try await store(for: caller).open(file)
        var bytes: [UInt8] = []
        try await content.forEachPiece(of: 0..<content.sizeBytes) { bytes += $0.readableBytesView }
        return bytes
    }

    func references(to hash: ContentHash) async throws -> Int64? {
        try await database.read { connection in
            try connection.first("SELECT reference_count FROM objects WHERE sha256 = \(hash.bytes)") {
                $0.int(0)
            }
        }
    }

    func count(in workspace: WorkspaceID) async throws -> Int64? {
        try await database.read { connection in
            try connection.first("SELECT COUNT(*) FROM lfs_objects WHERE workspace_id = \(workspace.key)") {
                $0.int(0)
            }
        }
    }

    /// How many files with bytes there are, named or not.
    func countOnDisk() throws -> Int {
        try FileManager.default.subpathsOfDirectory(atPath: objectsFolder)
            .filter { URL(filePath: $0).lastPathComponent.count > 60 || $0.hasPrefix("incoming/") }.count
    }
}

private func withLargeFiles(on backend: Backend, _ body: (LFSPlace) async throws -> Void) async throws {
    let folder = try TemporaryFolder()
    try await withRepositories(on: backend) { place in
        let objects = try await DiskObjectStore.open(root: folder.path, pool: .singleton)
        try await body(
            LFSPlace(
                repositories: place.repositories,
                files: FileStore(database: place.database, objects: objects),
                database: place.database,
                objectsFolder: folder.path
            )
        )
    }
    try folder.remove()
}

/// A content of some size, in pieces.
private struct Content: AsyncSequence, Sendable {
    let bytes: [UInt8]
    let hash: ContentHash

    init(_ seed: String, size: Int) async throws {
        bytes = Array(String(repeating: seed + "\n", count: size / 2 + 1).utf8.prefix(size))
        hash = try await ContentHash(
            hashing: AsyncStream<ByteBuffer> { [bytes] stream in
                stream.yield(ByteBuffer(bytes: bytes))
                stream.finish()
            }
        )
    }

    struct Iterator: AsyncIteratorProtocol {
        var rest: ArraySlice<UInt8>

        mutating func next() async throws -> ByteBuffer? {
            guard !rest.isEmpty else { return nil }
            defer { rest = rest.dropFirst(50_000) }
            return ByteBuffer(bytes: rest.prefix(50_000))
        }
    }

    func makeAsyncIterator() -> Iterator { Iterator(rest: bytes[...]) }
}
