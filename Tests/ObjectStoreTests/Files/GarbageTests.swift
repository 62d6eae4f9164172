import Core
import Database
import Foundation
import TestSupport
import Testing

@testable import ObjectStore

@Suite
struct GarbageTests {
    @Test(arguments: Backend.available, [1_000, 100_000])
    func `what nothing names is freed after the time of grace, not before`(
        on backend: Backend,
        sizeBytes: Int
    )
        async throws
    {
        try await withFiles(on: backend) { files, root in
            let shared = Bytes.random(sizeBytes)
            for name in ["a", "b"] { try await files.put(shared, name) }
            try await files.put(Bytes.random(sizeBytes), "c")
            for name in ["b", "c"] { try await files.delete(try ArtifactPath(name)) }

            let early = try await files.store.collectGarbage(releasedBeforeMs: 0)
            let freed = try await files.store.collectGarbage(releasedBeforeMs: .max)

            #expect(early == .init())
            #expect(freed == .init(objects: 1, sizeBytes: Int64(sizeBytes), orphans: 0))
            let read = try await files.bytes(of: try #require(try await files.find(try ArtifactPath("a"))))
            #expect(read == shared)
            let stored = try ObjectStoreTests.files(under: root)
            #expect(stored.count == (sizeBytes > FileStore.inlineBytes ? 1 : 0))
            let contents = try await files.store.database.read {
                try $0.first("SELECT count(*) FROM object_contents") { $0.int(0) }
            }
            #expect(contents == (sizeBytes > FileStore.inlineBytes ? 0 : 1))
        }
    }

    @Test(arguments: Backend.available)
    func `what would be freed is counted and stays`(on backend: Backend) async throws {
        try await withFiles(on: backend) { files, _ in
            let shared = Bytes.random(1_000)
            for name in ["a/1", "a/2", "b"] { try await files.put(shared, name) }
            try await files.put(Bytes.random(100_000), "a/3")
            try await files.put(Bytes.random(500), "a/kept/4")
            try await files.put(Bytes.random(10), "gone")
            try await files.delete(try ArtifactPath("gone"))
            var tally = Files.Tally()

            let kept = try await files.count(
                try ArtifactPath("a"),
                keeping: [try ArtifactPath("a/kept")],
                in: &tally
            )

            #expect(kept == 1)
            #expect((tally.files, tally.objects, tally.sizeBytes) == (3, 1, 100_000))
            let none = try await files.count(try ArtifactPath("b"), keeping: [], in: &tally)
            #expect(none == 0)
            #expect((tally.files, tally.objects, tally.sizeBytes) == (4, 2, 101_000))
            let garbage = try await files.store.countGarbage(releasedBeforeMs: .max)
            #expect(garbage == .init(objects: 1, sizeBytes: 10))
            let counts = try await files.counts()
            #expect(counts == [0, 1, 1, 3])
        }
    }

    @Test(arguments: Backend.available)
    func `a content that is named again in time stays`(on backend: Backend) async throws {
        try await withFiles(on: backend) { files, _ in
            let content = Bytes.random(100_000)
            try await files.put(content, "a")
            try await files.delete(try ArtifactPath("a"))
            try await files.put(content, "b")

            let freed = try await files.store.collectGarbage(releasedBeforeMs: .max)

            #expect(freed.objects == 0)
            let read = try await files.bytes(of: try #require(try await files.find(try ArtifactPath("b"))))
            #expect(read == content)
        }
    }

    @Test(arguments: Backend.available)
    func `missing bytes are as good as freed`(on backend: Backend) async throws {
        try await withFiles(on: backend) { files, _ in
            let file = try await files.put(Bytes.random(100_000), "a")
            try await files.delete(file.path)
            try await files.store.objects.remove(try #require(file.location))

            let freed = try await files.store.collectGarbage(releasedBeforeMs: .max)

            #expect(freed.objects == 1)
        }
    }

    @Test(arguments: Backend.available)
    func `bytes without a row go once they are old, those of an upload under way stay`(
        on backend: Backend
    )
        async throws
    {
        try await withFiles(on: backend) { files, root in
            let orphan = try await files.store.objects.keep(Bytes.random(100_000))
            let young = try await files.store.objects.keep(Bytes.random(100_000))
            let known = try await files.put(Bytes.random(100_000), "a")
            for location in [orphan, try #require(known.location)] {
                try FileManager.default.setAttributes(
                    [.modificationDate: Date().addingTimeInterval(-7_200)],
                    ofItemAtPath: root + "/objects/\(location.shard)/\(location.name)"
                )
            }

            let freed = try await files.store.collectGarbage(releasedBeforeMs: .max)

            #expect(freed == .init(objects: 0, sizeBytes: 0, orphans: 1))
            let stored = try ObjectStoreTests.files(under: root)
            #expect(stored == [young.name, known.location?.name ?? ""].sorted())
        }
    }

    @Test(arguments: Backend.available)
    func `collecting while the same content comes and goes never takes bytes that are named`(
        on backend: Backend
    )
        async throws
    {
        try await withFiles(on: backend) { files, _ in
            let contents = (0..<3).map { _ in Bytes.random(70_000) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<6 {
                    group.addTask {
                        for _ in 0..<15 {
                            try await files.put(contents[number % 3], "f\(number)")
                            let file = try #require(try await files.find(try ArtifactPath("f\(number)")))
                            let read = try await files.bytes(of: file)
                            #expect(read == contents[number % 3])
                            try await files.delete(try ArtifactPath("f\(number)"))
                        }
                    }
                }
                group.addTask {
                    for _ in 0..<20 { _ = try await files.store.collectGarbage(releasedBeforeMs: .max) }
                }
                try await group.waitForAll()
            }

            _ = try await files.store.collectGarbage(releasedBeforeMs: .max)
            let counts = try await files.counts()
            #expect(counts.isEmpty)
        }
    }
}
