/// Small numbers in runs: one number many times, or many numbers by bits.
///
/// - Source: `Encodings.md`, "Run Length Encoding / Bit-Packing Hybrid".
struct HybridReader: Sendable {
    private let bytes: ArraySlice<UInt8>
    private let width: Int
    private var place: Int
    /// Of the run that is read: how many numbers are left, its one number, and where its next bit is.
    private var left = 0
    private var repeated: Int?
    private var bit = 0

    /// A number has `width` bits, up to 32.
    init(_ bytes: ArraySlice<UInt8>, width: Int) throws(ParquetError) {
        guard (0...32).contains(width) else { throw .broken("numbers of \(width) bits") }
        self.bytes = bytes
        self.width = width
        place = bytes.startIndex
    }

    private static var ended: ParquetError { .broken("a page ends early") }

    mutating func next() throws(ParquetError) -> Int {
        if width == 0 { return 0 }
        if left == 0 { try begin() }
        left -= 1
        if let repeated { return repeated }
        var (value, got) = (0, 0)
        while got < width {
            let at = place + bit >> 3
            guard at < bytes.endIndex else { throw Self.ended }
            let taken = min(8 - bit & 7, width - got)
            let piece = Int(bytes[at]) >> (bit & 7) & (1 << taken - 1)
            value |= piece << got
            got += taken
            bit += taken
        }
        if left == 0 { place += bit >> 3 }
        return value
    }

    private mutating func begin() throws(ParquetError) {
        var (head, shift) = (0, 0)
        while true {
            guard place < bytes.endIndex, shift < 35 else { throw Self.ended }
            let byte = Int(bytes[place])
            place += 1
            head |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80 { break }
        }
        guard head > 1 else { throw .broken("a run of nothing") }
        if head & 1 == 1 {
            (left, repeated, bit) = (head >> 1 * 8, nil, 0)
            return
        }
        let count = (width + 7) / 8
        guard bytes.endIndex - place >= count else { throw Self.ended }
        var value = 0
        for step in 0..<count { value |= Int(bytes[place + step]) << (8 * step) }
        place += count
        (left, repeated) = (head >> 1, value)
    }
}
