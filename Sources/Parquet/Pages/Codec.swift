import CZlib

/// How pages are packed.
enum Codec: Int, Sendable {
    case none, snappy, gzip, lzo, brotli, lz4, zstandard, lz4Raw

    var name: String {
        switch self {
        case .none: "nothing"
        case .snappy: "Snappy"
        case .gzip: "gzip"
        case .lzo: "LZO"
        case .brotli: "Brotli"
        case .lz4, .lz4Raw: "LZ4"
        case .zstandard: "Zstandard"
        }
    }

    /// Unpacks to exactly so many bytes, which the caller has bounded.
    func unpack(_ bytes: ArraySlice<UInt8>, to sizeBytes: Int) throws(ParquetError) -> [UInt8] {
        let unpacked =
            switch self {
            case .none: Array(bytes)
            case .snappy: try Snappy.unpack(bytes, to: sizeBytes)
            case .gzip: try Self.inflate(bytes, to: sizeBytes)
            default: throw .unsupported("it is packed by \(name)")
            }
        guard unpacked.count == sizeBytes else { throw .broken("a page is not as long as it says") }
        return unpacked
    }

    private static func inflate(_ bytes: ArraySlice<UInt8>, to sizeBytes: Int) throws(ParquetError) -> [UInt8]
    {
        var input = Array(bytes)
        var output = [UInt8](repeating: 0, count: sizeBytes)
        var stream = z_stream()
        // 32 beside the window's size takes gzip and zlib alike.
        guard inflateInit2_(&stream, 15 + 32, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw .unsupported("zlib is of another version than its header")
        }
        defer { inflateEnd(&stream) }
        let status = input.withUnsafeMutableBufferPointer { given in
            output.withUnsafeMutableBufferPointer { space in
                stream.next_in = given.baseAddress
                stream.avail_in = uInt(given.count)
                stream.next_out = space.baseAddress
                stream.avail_out = uInt(space.count)
                return CZlib.inflate(&stream, Z_FINISH)
            }
        }
        guard status == Z_STREAM_END, stream.avail_out == 0 else { throw .broken("a page is no gzip") }
        return output
    }
}

/// - Source: Google, `snappy/format_description.txt`.
enum Snappy {
    static func unpack(_ bytes: ArraySlice<UInt8>, to sizeBytes: Int) throws(ParquetError) -> [UInt8] {
        var place = bytes.startIndex
        func number(_ count: Int) throws(ParquetError) -> Int {
            guard bytes.endIndex - place >= count else { throw broken }
            var value = 0
            for step in 0..<count { value |= Int(bytes[place + step]) << (8 * step) }
            place += count
            return value
        }
        var (length, shift) = (0, 0)
        while true {
            let byte = try number(1)
            guard shift < 35 else { throw broken }
            length |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80 { break }
        }
        guard length == sizeBytes else { throw broken }
        var output: [UInt8] = []
        output.reserveCapacity(length)
        while place < bytes.endIndex {
            let tag = try number(1)
            guard tag & 3 != 0 else {
                let short = tag >> 2
                let count = (short < 60 ? short : try number(short - 59)) + 1
                guard count <= bytes.endIndex - place, count <= length - output.count else { throw broken }
                output += bytes[place..<place + count]
                place += count
                continue
            }
            let (count, back): (Int, Int) =
                switch tag & 3 {
                case 1: (4 + (tag >> 2 & 7), (tag >> 5) << 8 | (try number(1)))
                case 2: (1 + (tag >> 2), try number(2))
                default: (1 + (tag >> 2), try number(4))
                }
            guard back > 0, back <= output.count, count <= length - output.count else { throw broken }
            // What is copied may be what is being written.
            let start = output.count - back
            for step in 0..<count { output.append(output[start + step]) }
        }
        return output
    }

    private static var broken: ParquetError { .broken("a page is no Snappy") }
}
