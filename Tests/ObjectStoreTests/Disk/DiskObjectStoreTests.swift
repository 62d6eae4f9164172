import Core
import Foundation
import NIOCore
import NIOPosix
import Testing

@testable import ObjectStore

@Suite
struct DiskObjectStoreTests {
    @Test(arguments: [0, 1, 65_536, 65_537, 1 << 20, (1 << 20) + 1, 9 << 20, (9 << 20) + 5])
    func `what is put is read back, whatever its size`(sizeBytes: Int) async throws {
        try await withDisk { store, _ in
            let content = Bytes.random(sizeBytes)

            let stored = try await store.put(
                Pieces(of: content, by: 60_000),
                inlineBytes: 65_536,
                limitBytes: .max
            )

            switch stored {
            case .inline(let hash, let bytes):
                #expect(sizeBytes <= 65_536)
                #expect(hash.hex == Bytes.sha256(content))
                #expect(Array(buffer: bytes) == content)
            case .stored(let location, let size):
                #expect(sizeBytes > 65_536)
                #expect(size == Int64(sizeBytes))
                #expect(location.hash.hex == Bytes.sha256(content))
                let read = try await store.bytes(at: location, size)
                #expect(read == content)
            }
        }
    }

    /// The last, short block goes through the cache while the one before may still be on its way past it.
    @Test func `the end of a large content is written, however often it is tried`() async throws {
        try await withDisk { store, _ in
            let content = Bytes.random((6 << 20) + 100)
            for _ in 0..<20 {
                let location = try await store.keep(content)

                #expect(location.hash.hex == Bytes.sha256(content))
            }
        }
    }

    @Test(arguments: [0..<1, 5..<5, 1_048_570..<1_048_590, 2_999_999..<3_000_000, 2_000_000..<9_000_000])
    func `a range is read to the byte`(range: Range<Int64>) async throws {
        try await withDisk { store, _ in
            let content = Bytes.random(3_000_000)
            let location = try await store.keep(content)

            let read = try await store.bytes(at: location, 3_000_000, range)

            #expect(read == Array(content[Int(range.lowerBound)..<min(3_000_000, Int(range.upperBound))]))
        }
    }

    @Test func `single bytes are gathered, not held piece by piece`() async throws {
        try await withDisk { store, _ in
            let content = Bytes.random(100_000)

            let stored = try await store.put(Pieces(of: content, by: 1), inlineBytes: 10, limitBytes: .max)

            guard case .stored(let location, _) = stored else { throw Unexpected() }
            #expect(location.hash.hex == Bytes.sha256(content))
        }
    }

    @Test func `a body that breaks leaves nothing`() async throws {
        try await withDisk { store, root in
            await #expect(throws: Broken.self) {
                _ = try await store.put(
                    Pieces(of: Bytes.random(5_000_000), by: 60_000, breaksAfter: 50),
                    inlineBytes: 65_536,
                    limitBytes: .max
                )
            }

            let left = try files(under: root)
            #expect(left.isEmpty)
        }
    }

    @Test func `a body beyond the limit is refused and leaves nothing`() async throws {
        try await withDisk { store, root in
            let failure = await #expect(throws: Failure.self) {
                _ = try await store.put(
                    Pieces(of: Bytes.random(300_000), by: 60_000),
                    inlineBytes: 10,
                    limitBytes: 299_999
                )
            }

            #expect(failure?.code == .tooLarge)
            let left = try files(under: root)
            #expect(left.isEmpty)
        }
    }

    @Test func `the same content put twice lies in two places, so that freeing one never harms the other`()
        async throws
    {
        try await withDisk { store, _ in
            let content = Bytes.random(100_000)
            let first = try await store.keep(content)
            let second = try await store.keep(content)

            try await store.remove(first)

            #expect(first.hash == second.hash)
            let read = try await store.bytes(at: second, 100_000)
            #expect(read == content)
        }
    }

    @Test func `removing twice is removing once, and reading what is gone says so`() async throws {
        try await withDisk { store, _ in
            let location = try await store.keep(Bytes.random(100_000))
            try await store.remove(location)

            try await store.remove(location)

            await #expect(throws: MissingObject.self) {
                _ = try await store.open(location, sizeBytes: 100_000)
            }
        }
    }

    @Test func `an object that is removed while it is read is read to its end`() async throws {
        try await withDisk { store, _ in
            let content = Bytes.random(4_000_000)
            let location = try await store.keep(content)
            let open = try await store.open(location, sizeBytes: 4_000_000)
            try await store.remove(location)

            var read: [UInt8] = []
            try await open.forEachPiece(of: 0..<4_000_000) { read += Array(buffer: $0) }

            #expect(read == content)
        }
    }

    @Test func `a file that lost its tail is missing rather than half served`() async throws {
        try await withDisk { store, root in
            let location = try await store.keep(Bytes.random(100_000))
            truncate(root + "/objects/\(location.shard)/\(location.name)", 50_000)

            await #expect(throws: MissingObject.self) {
                _ = try await store.open(location, sizeBytes: 100_000)
            }
        }
    }

    @Test func `folders and files are for the server alone`() async throws {
        try await withDisk { store, root in
            let location = try await store.keep(Bytes.random(100_000))

            for (path, mode) in [
                ("", 0o700), ("/objects", 0o700), ("/incoming", 0o700), ("/objects/ff", 0o700),
                ("/objects/\(location.shard)/\(location.name)", 0o600),
            ] {
                let attributes = try FileManager.default.attributesOfItem(atPath: root + path)
                #expect(attributes[.posixPermissions] as? Int == mode, "\(path)")
            }
        }
    }

    @Test func `opening sweeps what a crash left, and leaves alone what somebody writes`() async throws {
        try await withDisk { store, root in
            let abandoned = root + "/incoming/abandoned"
            let inUse = root + "/incoming/in-use"
            let young = root + "/incoming/young"
            for path in [abandoned, inUse, young] {
                #expect(FileManager.default.createFile(atPath: path, contents: Data("x".utf8)))
            }
            let hourAgo = Date().addingTimeInterval(-3_600)
            for path in [abandoned, inUse] {
                try FileManager.default.setAttributes([.modificationDate: hourAgo], ofItemAtPath: path)
            }
            let writer = try #require(try store.incoming.open("in-use", O_RDWR))
            #expect(writer.lock())

            _ = try await DiskObjectStore.open(root: root, pool: store.pool)

            let left = try files(under: root)
            #expect(left == ["in-use", "young"])
        }
    }

    @Test(arguments: [ENOSPC, EDQUOT])
    func `a full disk is told apart from a fault`(code: Int32) throws {
        errno = code
        #expect(SystemError.last("write") is StorageFull)

        errno = EIO
        #expect(SystemError.last("write") is SystemError)
    }

    @Test func `old objects of a shard are listed, for the collector to compare with the database`()
        async throws
    {
        try await withDisk { store, root in
            let location = try await store.keep(Bytes.random(100_000))
            #expect(
                FileManager.default.createFile(
                    atPath: root + "/objects/\(location.shard)/note",
                    contents: nil
                )
            )
            let shard = location.hash.bytes[0]

            let all = try await store.locations(shard: shard, writtenBeforeMs: .max)
            let old = try await store.locations(shard: shard, writtenBeforeMs: 0)

            #expect(all == [location])
            #expect(old.isEmpty)
        }
    }
}
