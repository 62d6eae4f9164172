/// Reads what Thrift wrote in its compact protocol, and passes over what is not asked for.
///
/// - Source: Apache Thrift, `doc/specs/thrift-compact-protocol.md`.
struct CompactReader {
    /// The types of fields that are asked for; booleans are their own values.
    enum Kind: UInt8 {
        case yes = 1
        case no, byte, short, int, long, double, binary, list, set, map, structure
    }

    private static let deepest = 32

    private let bytes: ArraySlice<UInt8>
    private(set) var place: Int

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        place = bytes.startIndex
    }

    private var remaining: Int { bytes.endIndex - place }

    private static var ended: ParquetError { .broken("a description ends early") }

    mutating func byte() throws(ParquetError) -> UInt8 {
        guard remaining > 0 else { throw Self.ended }
        defer { place += 1 }
        return bytes[place]
    }

    mutating func varint() throws(ParquetError) -> UInt64 {
        var (value, shift): (UInt64, UInt64) = (0, 0)
        while shift < 64 {
            let byte = try byte()
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
        throw .broken("a number has too many bytes")
    }

    mutating func integer() throws(ParquetError) -> Int64 {
        let value = try varint()
        return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }

    /// A number that counts or measures something in memory.
    mutating func count() throws(ParquetError) -> Int {
        guard let count = Int(exactly: try integer()), count >= 0, count <= Int32.max else {
            throw .broken("a count is no count")
        }
        return count
    }

    mutating func binary() throws(ParquetError) -> ArraySlice<UInt8> {
        let length = try varint()
        guard length <= UInt64(remaining) else { throw Self.ended }
        defer { place += Int(length) }
        return bytes[place..<place + Int(length)]
    }

    mutating func string() throws(ParquetError) -> String { String(decoding: try binary(), as: UTF8.self) }

    /// The number of elements of a list and their type; each takes at least a byte.
    mutating func listHead() throws(ParquetError) -> (count: Int, kind: UInt8) {
        let head = try byte()
        let count = head >> 4 == 15 ? try varint() : UInt64(head >> 4)
        guard count <= UInt64(remaining) else { throw Self.ended }
        return (Int(count), head & 0x0F)
    }

    /// Goes through the fields of a structure: `take` reads one and answers whether it did; otherwise it is passed over.
    mutating func structure(
        depth: Int = 0,
        _ take: (inout CompactReader, _ field: Int, _ kind: Kind) throws(ParquetError) -> Bool
    ) throws(ParquetError) {
        var field = 0
        while true {
            let head = try byte()
            if head == 0 { return }
            guard let kind = Kind(rawValue: head & 0x0F) else { throw .broken("a field is of no type") }
            let step = Int(head >> 4)
            field = step == 0 ? Int(truncatingIfNeeded: try integer()) : field &+ step
            if try take(&self, field, kind) { continue }
            // A boolean stands in the head of its field.
            if kind != .yes && kind != .no { try skip(kind.rawValue, depth: depth + 1) }
        }
    }

    mutating func list(
        _ kind: Kind,
        _ element: (inout CompactReader, _ place: Int) throws(ParquetError) -> Void
    ) throws(ParquetError) {
        let (count, found) = try listHead()
        guard count == 0 || found == kind.rawValue else { throw .broken("a list is of another type") }
        for place in 0..<count { try element(&self, place) }
    }

    mutating func skip(_ kind: UInt8, depth: Int) throws(ParquetError) {
        guard depth < Self.deepest else { throw .broken("a description is too deep") }
        switch Kind(rawValue: kind) {
        case .yes, .no, .byte: _ = try byte()
        case .short, .int, .long: _ = try varint()
        case .double:
            guard remaining >= 8 else { throw Self.ended }
            place += 8
        case .binary: _ = try binary()
        case .list, .set:
            let (count, element) = try listHead()
            for _ in 0..<count { try skip(element, depth: depth + 1) }
        case .map:
            let count = try varint()
            guard count <= UInt64(remaining) else { throw Self.ended }
            guard count > 0 else { return }
            let kinds = try byte()
            for _ in 0..<count {
                try skip(kinds >> 4, depth: depth + 1)
                try skip(kinds & 0x0F, depth: depth + 1)
            }
        case .structure:
            try structure(depth: depth) { (_, _, _) throws(ParquetError) in false }
        case nil: throw .broken("a value is of no type")
        }
    }
}
