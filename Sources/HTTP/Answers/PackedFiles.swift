import CZlib
import Synchronization

/// Files that were packed once, so that a browser on a slow line waits less and the server works once.
final class PackedFiles: Sendable {
    private struct Entry {
        let original: [UInt8]
        let packed: [UInt8]
    }

    private let entries = Mutex<[String: Entry]>([:])

    /// The bytes of a file in gzip's format.
    func bytes(of name: String, _ original: [UInt8]) -> [UInt8] {
        if let entry = entries.withLock({ $0[name] }), entry.original == original { return entry.packed }
        let packed = Gzip.packed(original)
        entries.withLock { $0[name] = Entry(original: original, packed: packed) }
        return packed
    }
}

/// Packs bytes whole.
///
/// - Source: RFC 1952; zlib's manual, `deflateInit2`: 16 more than the window asks for gzip's head.
enum Gzip {
    static func packed(_ bytes: [UInt8]) -> [UInt8] {
        var stream = z_stream()
        let size = Int32(MemoryLayout<z_stream>.size)
        let begun = deflateInit2_(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size)
        precondition(begun == Z_OK, "zlib has no memory")
        defer { deflateEnd(&stream) }
        var input = bytes
        let bound = Int(deflateBound(&stream, UInt(bytes.count)))
        return input.withUnsafeMutableBufferPointer { input in
            [UInt8](unsafeUninitializedCapacity: bound) { output, count in
                stream.next_in = input.baseAddress
                stream.avail_in = UInt32(input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(bound)
                let end = deflate(&stream, Z_FINISH)
                precondition(end == Z_STREAM_END, "the bound of zlib did not hold")
                count = bound - Int(stream.avail_out)
            }
        }
    }
}
