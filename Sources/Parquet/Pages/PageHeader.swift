/// What stands before a page of a column.
struct PageHeader: Sendable {
    enum Kind: Sendable { case data, dictionary, newData, other }

    var kind = Kind.other
    var unpackedBytes = 0
    var packedBytes = 0
    var valueCount = 0
    var encoding = 0
    /// Of the levels of a page of the second version, which are not packed.
    var definitionBytes = 0
    var repetitionBytes = 0
    var isPacked = true
    /// Of the header itself.
    var sizeBytes = 0

    init(_ bytes: ArraySlice<UInt8>) throws(ParquetError) {
        var reader = CompactReader(bytes)
        var header = Self()
        try reader.structure { (reader, field, kind) throws(ParquetError) in
            switch (field, kind) {
            case (1, .int):
                header.kind =
                    switch try reader.count() {
                    case 0: .data
                    case 2: .dictionary
                    case 3: .newData
                    default: .other
                    }
            case (2, .int): header.unpackedBytes = try reader.count()
            case (3, .int): header.packedBytes = try reader.count()
            case (5, .structure), (7, .structure):
                try reader.structure { (reader, field, kind) throws(ParquetError) in
                    guard kind == .int, field <= 2 else { return false }
                    if field == 1 { header.valueCount = try reader.count() }
                    if field == 2 { header.encoding = try reader.count() }
                    return true
                }
            case (8, .structure): try header.takeNewData(&reader)
            default: return false
            }
            return true
        }
        header.sizeBytes = reader.place - bytes.startIndex
        self = header
    }

    private init() {}

    private mutating func takeNewData(_ reader: inout CompactReader) throws(ParquetError) {
        var header = self
        try reader.structure { (reader, field, kind) throws(ParquetError) in
            switch (field, kind) {
            case (1, .int): header.valueCount = try reader.count()
            case (4, .int): header.encoding = try reader.count()
            case (5, .int): header.definitionBytes = try reader.count()
            case (6, .int): header.repetitionBytes = try reader.count()
            case (7, .no): header.isPacked = false
            case (7, .yes): header.isPacked = true
            default: return false
            }
            return true
        }
        self = header
    }
}
