/// Values one after the other, as text.
struct PlainValues: Sendable {
    private let bytes: ArraySlice<UInt8>
    private let leaf: Leaf
    private let textBytes: Int
    private var place: Int
    private var bit = 0

    init(_ bytes: ArraySlice<UInt8>, of leaf: Leaf, textBytes: Int) {
        self.bytes = bytes
        self.leaf = leaf
        self.textBytes = textBytes
        place = bytes.startIndex
    }

    mutating func next() throws(ParquetError) -> String {
        if leaf.type == .boolean {
            guard place < bytes.endIndex else { throw .broken("a page ends early") }
            let value = bytes[place] >> UInt8(bit) & 1
            bit = (bit + 1) & 7
            if bit == 0 { place += 1 }
            return value == 1 ? "true" : "false"
        }
        return ValueText(leaf, textBytes: textBytes).text(try take())
    }

    /// Where the next value lies, and passes over it.
    mutating func take() throws(ParquetError) -> ArraySlice<UInt8> {
        let count: Int
        switch leaf.type {
        case .boolean: throw .broken("a dictionary of truths")
        case .int32, .float: count = 4
        case .int64, .double: count = 8
        case .int96: count = 12
        case .fixedBytes: count = leaf.length
        case .byteArray:
            guard bytes.endIndex - place >= 4 else { throw .broken("a page ends early") }
            count = (0..<4).reduce(0) { $0 | Int(bytes[place + $1]) << (8 * $1) }
            place += 4
        }
        guard count <= bytes.endIndex - place else { throw .broken("a page ends early") }
        defer { place += count }
        return bytes[place..<place + count]
    }
}
