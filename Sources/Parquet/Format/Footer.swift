/// What the end of a file says of it.
struct Footer: Sendable {
    /// The rows that lie together, column by column.
    struct Group: Sendable {
        var columns: [Chunk?] = []
        var rowCount: Int64 = 0
    }

    /// Where the values of a column of a group lie.
    struct Chunk: Sendable {
        var codec = 0
        var valueCount: Int64 = 0
        var sizeBytes: Int64 = 0
        var dataOffset: Int64 = 0
        var dictionaryOffset: Int64?

        var start: Int64 {
            guard let dictionaryOffset, dictionaryOffset > 0 else { return dataOffset }
            return min(dictionaryOffset, dataOffset)
        }
    }

    var schema: [SchemaElement] = []
    var rowCount: Int64 = 0
    var rowGroupCount = 0
    /// The first that has rows.
    var firstGroup: Group?
    var writer: String?

    private static let mark = Array("PAR1".utf8)
    private static let mostElements = 20_000

    static func read(
        sizeBytes: Int64,
        _ limits: ParquetLimits,
        _ source: ParquetTable.Source
    ) async throws -> Footer {
        guard sizeBytes >= 12 else { throw ParquetError.broken("it is too short") }
        let end = try await source(sizeBytes - 8..<sizeBytes)
        guard end.count == 8 else { throw ParquetError.broken("it ends early") }
        if Array(end[4...]) == Array("PARE".utf8) { throw ParquetError.unsupported("it is encrypted") }
        guard Array(end[4...]) == mark else { throw ParquetError.broken("it does not end as such files do") }
        let length = Int64(end[0]) | Int64(end[1]) << 8 | Int64(end[2]) << 16 | Int64(end[3]) << 24
        guard length <= sizeBytes - 12 else {
            throw ParquetError.broken("its description is longer than itself")
        }
        guard length <= Int64(limits.footerBytes) else {
            throw ParquetError.unsupported("its description is very long")
        }
        let bytes = try await source(sizeBytes - 8 - length..<sizeBytes - 8)
        guard bytes.count == Int(length) else { throw ParquetError.broken("it ends early") }
        return try Footer(bytes)
    }

    init(_ bytes: [UInt8]) throws(ParquetError) {
        var reader = CompactReader(bytes[...])
        var (schema, rows, groups, group, writer): ([SchemaElement], Int64, Int, Group?, String?) = (
            [], 0, 0, nil, nil
        )
        try reader.structure { (reader, field, kind) throws(ParquetError) in
            switch (field, kind) {
            case (2, .list):
                try reader.list(.structure) { (reader, place) throws(ParquetError) in
                    guard place < Self.mostElements else { throw .unsupported("it has very many columns") }
                    schema.append(try SchemaElement(&reader))
                }
            case (3, .long): rows = try reader.integer()
            case (4, .list):
                try reader.list(.structure) { (reader, _) throws(ParquetError) in
                    groups += 1
                    if group != nil {
                        try reader.skip(CompactReader.Kind.structure.rawValue, depth: 1)
                        return
                    }
                    let read = try Self.group(&reader)
                    if read.rowCount > 0 { group = read }
                }
            case (6, .binary): writer = try reader.string()
            default: return false
            }
            return true
        }
        guard rows >= 0 else { throw .broken("it has less than no rows") }
        self.schema = schema
        rowCount = rows
        rowGroupCount = groups
        firstGroup = group
        self.writer = writer
    }

    func leaves() throws(ParquetError) -> [Leaf] { try Leaf.all(of: schema) }

    private static func group(_ reader: inout CompactReader) throws(ParquetError) -> Group {
        var group = Group()
        try reader.structure { (reader, field, kind) throws(ParquetError) in
            switch (field, kind) {
            case (1, .list):
                try reader.list(.structure) { (reader, _) throws(ParquetError) in
                    group.columns.append(try chunk(&reader))
                }
            case (3, .long): group.rowCount = try reader.integer()
            default: return false
            }
            return true
        }
        return group
    }

    /// Nil for one that lies in another file.
    private static func chunk(_ reader: inout CompactReader) throws(ParquetError) -> Chunk? {
        var (chunk, isElsewhere): (Chunk?, Bool) = (nil, false)
        try reader.structure { (reader, field, kind) throws(ParquetError) in
            switch (field, kind) {
            case (1, .binary): isElsewhere = try !reader.binary().isEmpty
            case (3, .structure): chunk = try metadata(&reader)
            default: return false
            }
            return true
        }
        return isElsewhere ? nil : chunk
    }

    private static func metadata(_ reader: inout CompactReader) throws(ParquetError) -> Chunk {
        var chunk = Chunk()
        try reader.structure { (reader, field, kind) throws(ParquetError) in
            switch (field, kind) {
            case (4, .int): chunk.codec = try reader.count()
            case (5, .long): chunk.valueCount = try reader.integer()
            case (7, .long): chunk.sizeBytes = try reader.integer()
            case (9, .long): chunk.dataOffset = try reader.integer()
            case (11, .long): chunk.dictionaryOffset = try reader.integer()
            default: return false
            }
            return true
        }
        return chunk
    }
}
