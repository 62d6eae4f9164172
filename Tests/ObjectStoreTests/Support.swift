import Core
import Database
import Crypto
import Foundation
import NIOCore
import NIOPosix
import TestSupport
import Testing

@testable import ObjectStore

struct Broken: Error {}
struct Unexpected: Error {}

/// A store in a folder of its own that is gone afterwards.
func withDisk(_ body: (DiskObjectStore, String) async throws -> Void) async throws {
    let root = FileManager.default.temporaryDirectory.path + "/roost-objects-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: root) }
    let pool = NIOThreadPool(numberOfThreads: 2)
    pool.start()
    do {
        try await body(try await DiskObjectStore.open(root: root, pool: pool), root)
    } catch {
        try await pool.shutdownGracefully()
        throw error
    }
    try await pool.shutdownGracefully()
}

/// The names of plain files anywhere under a folder.
func files(under root: String) throws -> [String] {
    let walk = try FileManager.default.subpathsOfDirectory(atPath: root)
    return walk.filter {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: root + "/" + $0, isDirectory: &isFolder)
            && !isFolder.boolValue
    }.map { String($0.split(separator: "/").last ?? "") }.sorted()
}

enum Bytes {
    static func random(_ count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count + 8)
        while bytes.count < count { withUnsafeBytes(of: generator.next()) { bytes += $0 } }
        return Array(bytes.prefix(count))
    }

    static func sha256(_ bytes: [UInt8]) -> String {
        SHA256.hash(data: bytes).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
}

/// A body that comes in pieces and may break on the way.
struct Pieces: AsyncSequence, Sendable {
    let content: [UInt8]
    let size: Int
    let breaksAfter: Int

    init(of content: [UInt8], by size: Int = 65_536, breaksAfter: Int = .max) {
        self.content = content
        self.size = size
        self.breaksAfter = breaksAfter
    }

    struct Iterator: AsyncIteratorProtocol {
        let pieces: Pieces
        var offset = 0
        var count = 0

        mutating func next() async throws -> ByteBuffer? {
            if count == pieces.breaksAfter { throw Broken() }
            guard offset < pieces.content.count else { return nil }
            let end = Swift.min(offset + pieces.size, pieces.content.count)
            defer { (offset, count) = (end, count + 1) }
            return ByteBuffer(bytes: pieces.content[offset..<end])
        }
    }

    func makeAsyncIterator() -> Iterator { Iterator(pieces: self) }
}

extension ObjectStore {
    /// Keeps a content that is too large to lie in the database.
    func keep(_ content: [UInt8]) async throws -> ObjectLocation {
        guard
            case .stored(let location, _) = try await put(
                Pieces(of: content),
                inlineBytes: 0,
                limitBytes: .max
            )
        else { throw Unexpected() }
        return location
    }

    func bytes(
        at location: ObjectLocation,
        _ sizeBytes: Int64,
        _ range: Range<Int64>? = nil
    ) async throws -> [UInt8] {
        var read: [UInt8] = []
        try await open(location, sizeBytes: sizeBytes).forEachPiece(of: range ?? 0..<sizeBytes) {
            read += Array(buffer: $0)
        }
        return read
    }
}

/// The files of `ann` on a database and a disk of their own.
func withFiles(on backend: Backend, _ body: (Files, String) async throws -> Void) async throws {
    try await withDatabase(on: backend, migrations: ObjectStoreMigrations.all) { database in
        try await withDisk { disk, root in
            let store = FileStore(database: database, objects: disk)
            try await body(store.files(for: Caller(name: "ann", workspace: .standard)), root)
        }
    }
}

extension Files {
    @discardableResult
    func put(_ content: [UInt8], _ path: String) async throws -> File {
        try await put(Pieces(of: content), at: try ArtifactPath(path))
    }

    func bytes(of file: File) async throws -> [UInt8] {
        var read: [UInt8] = []
        try await open(file).forEachPiece(of: 0..<file.sizeBytes) { read += Array(buffer: $0) }
        return read
    }

    /// The reference counts of all objects, smallest first, after they were compared with what they count.
    func counts() async throws -> [Int64] {
        try await store.database.read { connection in
            try connection.rows(
                """
                SELECT o.reference_count, (SELECT count(*) FROM files f WHERE f.object_key = o.object_key)
                FROM objects o ORDER BY o.reference_count
                """
            ) { row in
                let (counted, named) = (row.int(0), row.int(1))
                #expect(counted == named)
                return counted
            }
        }
    }

    /// Names a content many times at once.
    func fill(_ file: File, _ paths: [String]) async throws {
        try await store.database.write { [workspace] connection in
            for start in stride(from: 0, to: paths.count, by: 500) {
                try connection.insert(
                    into: "files",
                    ["workspace_id", "path", "object_key", "size_bytes", "modified_ms"],
                    values: paths[start..<min(start + 500, paths.count)].flatMap {
                        [
                            .integer(workspace.key), .text($0), .integer(file.objectKey),
                            .integer(file.sizeBytes), .integer(0),
                        ]
                    }
                )
            }
            try connection.execute(
                """
                UPDATE objects SET reference_count = reference_count + \(paths.count)
                WHERE object_key = \(file.objectKey)
                """
            )
        }
    }
}
