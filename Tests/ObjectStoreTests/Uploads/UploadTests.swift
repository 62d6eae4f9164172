import Core
import Database
import Foundation
import NIOCore
import TestSupport
import Testing

@testable import ObjectStore

private let partBytes = 200_000

@Suite
struct UploadTests {
    /// In which order three parts and a rest arrive; a number twice is sent again.
    @Test(
        arguments: Backend.available,
        [[1, 2, 3, 4], [2, 4, 1, 3], [4, 3, 2, 1], [1, 2, 2, 3, 4], [1, 2, 3, 4, 4]]
    )
    func `parts in any order become the file`(on backend: Backend, order: [Int64]) async throws {
        try await withFiles(on: backend) { files, root in
            let content = Bytes.random(3 * partBytes + 50_000)
            let path = try ArtifactPath("model/weights")
            let id = try await files.createUpload(to: path, partCount: 4)

            var tags: [Int64: String] = [:]
            for number in order { tags[number] = try await files.send(content, number, of: id) }
            try await files.completeUpload(id, to: path, parts: tags.map { ($0.key, "\"\($0.value)\"") })

            let file = try #require(try await files.find(path))
            let read = try await files.bytes(of: file)
            #expect(read == content)
            #expect(file.hash.hex == Bytes.sha256(content))
            let stored = try ObjectStoreTests.files(under: root)
            #expect(stored == [file.location?.name])
        }
    }

    @Test(arguments: Backend.available)
    func `parts sent at the same time become the file without being copied`(on backend: Backend) async throws
    {
        try await withFiles(on: backend) { files, root in
            let content = Bytes.random(20 * partBytes)
            let path = try ArtifactPath("a")
            let id = try await files.createUpload(to: path, partCount: 20)
            let first = try await files.send(content, 1, of: id)
            let tags = try await withThrowingTaskGroup(of: (Int64, String).self) { group in
                for number in Int64(2)...20 {
                    group.addTask { (number, try await files.send(content, number, of: id)) }
                }
                return try await group.reduce(into: [(number: Int64(1), tag: first)]) { $0.append($1) }
            }
            let names = try ObjectStoreTests.files(under: root)

            try await files.completeUpload(id, to: path, parts: tags)

            #expect(names == ["whole"])
            let read = try await files.bytes(of: try #require(try await files.find(path)))
            #expect(read == content)
        }
    }

    @Test(arguments: Backend.available)
    func `parts of unequal and untold length become the file too`(on backend: Backend) async throws {
        try await withFiles(on: backend) { files, _ in
            let path = try ArtifactPath("a")
            let id = try await files.createUpload(to: path, partCount: 3)
            let pieces = [Bytes.random(1_000), Bytes.random(200_000), Bytes.random(0)]
            var tags: [(number: Int64, tag: String)] = []
            for (index, piece) in pieces.enumerated() {
                let size: Int64? = index == 1 ? nil : Int64(piece.count)
                let tag = try await files.store.putPart(
                    Pieces(of: piece),
                    number: Int64(index + 1),
                    of: id,
                    sizeBytes: size
                )
                tags.append((Int64(index + 1), tag))
            }

            try await files.completeUpload(id, to: path, parts: tags)

            let read = try await files.bytes(of: try #require(try await files.find(path)))
            #expect(read == pieces.flatMap { $0 })
        }
    }

    @Test(arguments: Backend.available)
    func `a part that broke off can be sent again`(on backend: Backend) async throws {
        try await withFiles(on: backend) { files, _ in
            let content = Bytes.random(2 * partBytes)
            let path = try ArtifactPath("a")
            let id = try await files.createUpload(to: path, partCount: 2)
            let one = try await files.send(content, 1, of: id)
            await #expect(throws: Broken.self) {
                _ = try await files.store.putPart(
                    Pieces(of: Bytes.random(partBytes), breaksAfter: 2),
                    number: 2,
                    of: id,
                    sizeBytes: Int64(partBytes)
                )
            }
            await #expect(throws: Failure.self) {
                try await files.completeUpload(id, to: path, parts: [(1, one), (2, one)])
            }
            let two = try await files.send(content, 2, of: id)

            try await files.completeUpload(id, to: path, parts: [(1, one), (2, two)])

            let read = try await files.bytes(of: try #require(try await files.find(path)))
            #expect(read == content)
        }
    }

    @Test(arguments: Backend.available)
    func `completing twice is completing once, and what comes later changes nothing`(
        on backend: Backend
    )
        async throws
    {
        try await withFiles(on: backend) { files, _ in
            let content = Bytes.random(2 * partBytes)
            let path = try ArtifactPath("a")
            let id = try await files.createUpload(to: path, partCount: 2)
            let tags = [
                (number: Int64(1), tag: try await files.send(content, 1, of: id)),
                (2, try await files.send(content, 2, of: id)),
            ]
            try await files.completeUpload(id, to: path, parts: tags)

            try await files.completeUpload(id, to: path, parts: tags)
            await #expect(throws: Failure.self) {
                _ = try await files.send(Bytes.random(partBytes), 1, of: id)
            }

            let read = try await files.bytes(of: try #require(try await files.find(path)))
            #expect(read == content)
        }
    }

    @Test(arguments: Backend.available)
    func `completing many times at once is completing once`(on backend: Backend) async throws {
        try await withFiles(on: backend) { files, root in
            let path = try ArtifactPath("a")
            for _ in 0..<20 {
                let content = Bytes.random(2 * partBytes)
                let id = try await files.createUpload(to: path, partCount: 2)
                let tags = [
                    (number: Int64(1), tag: try await files.send(content, 1, of: id)),
                    (2, try await files.send(content, 2, of: id)),
                ]

                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<4 {
                        group.addTask { try await files.completeUpload(id, to: path, parts: tags) }
                    }
                    try await group.waitForAll()
                }

                let read = try await files.bytes(of: try #require(try await files.find(path)))
                #expect(read == content)
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: root + "/parts") == [])
        }
    }

    @Test(arguments: Backend.available)
    func `what is not an upload, a part or a tag is refused`(on backend: Backend) async throws {
        try await withFiles(on: backend) { files, _ in
            let (path, other) = (try ArtifactPath("a"), try ArtifactPath("b"))
            let eve = files.store.files(for: Caller(name: "eve", workspace: WorkspaceID(key: 2)))
            let content = Bytes.random(partBytes)
            let id = try await files.createUpload(to: path, partCount: 1)
            let tag = try await files.send(content, 1, of: id)
            let stranger = UploadID.random()

            for count in [0, -1, 10_001] as [Int64] {
                await #expect(throws: Failure.self) {
                    _ = try await files.createUpload(to: path, partCount: count)
                }
            }
            for number in [0, -1, 2, .max] as [Int64] {
                await #expect(throws: Failure.self) { _ = try await files.send(content, number, of: id) }
            }
            for size in [.max, (5 << 30) + 1] as [Int64] {
                await #expect(throws: Failure.self) {
                    _ = try await files.store.putPart(Pieces(of: content), number: 1, of: id, sizeBytes: size)
                }
            }
            await #expect(throws: Failure.self) { _ = try await files.send(content, 1, of: stranger) }
            for (files, id, path, parts) in [
                (files, stranger, path, [(1, tag)]), (files, id, other, [(1, tag)]),
                (eve, id, path, [(1, tag)]),
                (files, id, path, []), (files, id, path, [(1, "x")]), (files, id, path, [(2, tag)]),
                (files, id, path, [(1, tag), (1, tag)]),
            ] as [(Files, UploadID, ArtifactPath, [(number: Int64, tag: String)])] {
                await #expect(throws: Failure.self) {
                    try await files.completeUpload(id, to: path, parts: parts)
                }
            }
            try await eve.abortUpload(id, to: path)

            try await files.completeUpload(id, to: path, parts: [(1, tag)])
        }
    }

    @Test(arguments: Backend.available)
    func `an upload that is given up, or forgotten, leaves nothing`(on backend: Backend) async throws {
        try await withFiles(on: backend) { files, root in
            let path = try ArtifactPath("a")
            let content = Bytes.random(2 * partBytes)
            let (given, forgotten) = (
                try await files.createUpload(to: path, partCount: 2),
                try await files.createUpload(to: path, partCount: 2)
            )
            for id in [given, forgotten] { _ = try await files.send(content, 1, of: id) }
            try FileManager.default.createDirectory(
                atPath: "\(root)/parts/\(UploadID.random().text)",
                withIntermediateDirectories: false
            )

            try await files.abortUpload(given, to: path)
            let early = try await files.store.forgetUploads(begunBeforeMs: 0)
            let late = try await files.store.forgetUploads(begunBeforeMs: .max)

            #expect(early == 0)
            #expect(late == 1)
            let left = try FileManager.default.contentsOfDirectory(atPath: root + "/parts")
            #expect(left.isEmpty)
            for id in [given, forgotten] {
                await #expect(throws: Failure.self) { _ = try await files.send(content, 2, of: id) }
            }
        }
    }

    @Test(arguments: Backend.available)
    func `collecting forgets uploads of more than a week ago`(on backend: Backend) async throws {
        try await withFiles(on: backend) { files, root in
            let path = try ArtifactPath("a")
            let id = try await files.createUpload(to: path, partCount: 2)
            _ = try await files.send(Bytes.random(2 * partBytes), 1, of: id)
            let week: Int64 = 7 * 86_400_000
            let now = Clock.system.nowMs()

            let early = try await files.store.collectGarbage(releasedBeforeMs: .max)
            let late = try await files.store.collectGarbage(
                releasedBeforeMs: .max,
                clock: Clock { now + week + 60_000 }
            )

            #expect(early.uploads == 0)
            #expect(late.uploads == 1)
            let left = try ObjectStoreTests.files(under: root)
            #expect(left.isEmpty)
        }
    }

    @Test func `what became an object is not written any more`() async throws {
        try await withDisk { disk, _ in
            let id = UploadID.random()
            let content = Bytes.random(partBytes)
            let part = try await disk.putPart(
                Pieces(of: content),
                of: id,
                at: .whole(offsetBytes: 0),
                limitBytes: .max
            )
            let stored = StoredPart(hash: part.hash, sizeBytes: part.sizeBytes, place: .whole(offsetBytes: 0))
            guard case .stored(let location, _) = try await disk.join([stored], of: id) else {
                throw Unexpected()
            }

            await #expect(throws: Failure.self) {
                _ = try await disk.putPart(
                    Pieces(of: Bytes.random(partBytes)),
                    of: id,
                    at: .whole(offsetBytes: 0),
                    limitBytes: .max
                )
            }

            let read = try await disk.bytes(at: location, Int64(partBytes))
            #expect(read == content)
        }
    }
}

extension Files {
    /// Sends a part as a client does that cuts a content into parts of `partBytes`.
    fileprivate func send(_ content: [UInt8], _ number: Int64, of id: UploadID) async throws -> String {
        let count = (content.count + partBytes - 1) / partBytes
        let index = (1...Int64(count)).contains(number) ? Int(number) - 1 : 0
        let part = Array(content[index * partBytes..<min((index + 1) * partBytes, content.count)])
        return try await store.putPart(Pieces(of: part), number: number, of: id, sizeBytes: Int64(part.count))
    }
}
