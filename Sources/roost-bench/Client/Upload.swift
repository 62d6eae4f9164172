import FoundationEssentials
import Glibc

/// A large body, sent block by block; each block begins with its number, so that no two are the same.
struct Upload {
    let head: Pattern
    let sizeBytes: Int
    let syncing: String?

    private static let blockBytes = 1 << 20

    func run(on connection: Connection) throws -> Int {
        try connection.connectIfNeeded()
        try Array(head.bytes).withUnsafeBytes { try connection.send($0) }
        var block = (0..<Self.blockBytes).map {
            UInt8(truncatingIfNeeded: mixed(UInt64($0 / 8)) >> (8 * UInt64($0 % 8)))
        }
        var left = sizeBytes
        while left > 0 {
            block.withUnsafeMutableBytes { $0.storeBytes(of: left, as: Int.self) }
            let size = min(left, Self.blockBytes)
            try block.withUnsafeBytes { try connection.send(UnsafeRawBufferPointer(rebasing: $0[..<size])) }
            left -= size
        }
        _ = try connection.receive().accepted()
        if let syncing { try sync(syncing) }
        return sizeBytes
    }

    private func sync(_ path: String) throws {
        let descriptor = open(path, O_RDONLY)
        guard descriptor >= 0, fsync(descriptor) == 0 else {
            throw ConnectionFailure.broken("cannot sync \(path)")
        }
        close(descriptor)
    }
}
