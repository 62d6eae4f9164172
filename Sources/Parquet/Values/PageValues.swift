/// The values of a page that are there, in the way in which it was written.
enum PageValues: Sendable {
    case plain(PlainValues)
    case truths(HybridReader)
    case indices(HybridReader, [String])

    /// Reads what is behind the levels of a page, written as `parquet.thrift` numbers the ways.
    init(
        _ bytes: ArraySlice<UInt8>,
        encoding: Int,
        of leaf: Leaf,
        dictionary: [String]?,
        textBytes: Int
    ) throws(ParquetError) {
        switch encoding {
        case 0: self = .plain(PlainValues(bytes, of: leaf, textBytes: textBytes))
        case 2, 8:
            guard let dictionary else { throw .broken("a dictionary is missing") }
            // A page without values may have no width.
            let width = bytes.first.map(Int.init) ?? 0
            self = .indices(try HybridReader(bytes.dropFirst(), width: width), dictionary)
        case 3 where leaf.type == .boolean:
            self = .truths(try HybridReader(bytes.dropFirst(4), width: 1))
        default:
            throw .unsupported("it is written as \(Self.names[safe: encoding] ?? "encoding \(encoding)")")
        }
    }

    private static let names = [
        "PLAIN", "1", "PLAIN_DICTIONARY", "RLE", "BIT_PACKED", "DELTA_BINARY_PACKED",
        "DELTA_LENGTH_BYTE_ARRAY",
        "DELTA_BYTE_ARRAY", "RLE_DICTIONARY", "BYTE_STREAM_SPLIT",
    ]

    mutating func next() throws(ParquetError) -> String {
        switch self {
        case .plain(var values):
            let text = try values.next()
            self = .plain(values)
            return text
        case .truths(var reader):
            let truth = try reader.next()
            self = .truths(reader)
            return truth == 1 ? "true" : "false"
        case .indices(var reader, let dictionary):
            let place = try reader.next()
            self = .indices(reader, dictionary)
            guard let text = dictionary[safe: place] else { throw .broken("a dictionary has no such value") }
            return text
        }
    }
}
