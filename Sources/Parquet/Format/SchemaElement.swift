/// How values lie in a file.
enum PhysicalType: Int, Sendable {
    case boolean, int32, int64, int96, float, double, byteArray, fixedBytes
}

/// What values mean.
enum Meaning: Sendable, Hashable {
    enum Unit: String, Sendable {
        case millis = "ms"
        case micros = "us"
        case nanos = "ns"

        var perSecond: Int64 {
            switch self {
            case .millis: 1_000
            case .micros: 1_000_000
            case .nanos: 1_000_000_000
            }
        }
    }

    case plain, text, json, date, uuid, half
    case unsigned(bits: Int)
    case signed(bits: Int)
    case decimal(precision: Int, scale: Int)
    case time(Unit)
    case timestamp(Unit, isUTC: Bool)
}

/// One line of the schema, which is a tree whose children follow their parent.
struct SchemaElement: Sendable {
    enum Repetition: Int, Sendable {
        case required, optional, repeated
    }

    private static let longestName = 200

    var type: PhysicalType?
    var length = 0
    var repetition = Repetition.required
    var name = ""
    var childCount = 0
    var meaning = Meaning.plain

    init(_ reader: inout CompactReader) throws(ParquetError) {
        var (type, repetition, converted): (PhysicalType?, Repetition, Int?) = (nil, .required, nil)
        var (scale, precision, length, children, name) = (0, 0, 0, 0, "")
        var logical: Meaning?
        try reader.structure { (reader, field, kind) throws(ParquetError) in
            switch (field, kind) {
            case (1, .int):
                type = PhysicalType(rawValue: try reader.count())
                guard type != nil else { throw .unsupported("a column is of an unknown type") }
            case (2, .int): length = try reader.count()
            case (3, .int): repetition = Repetition(rawValue: try reader.count()) ?? .required
            case (4, .binary): name = String(try reader.string().prefix(Self.longestName))
            case (5, .int): children = try reader.count()
            case (6, .int): converted = try reader.count()
            case (7, .int): scale = try reader.count()
            case (8, .int): precision = try reader.count()
            case (10, .structure): logical = try Self.logical(&reader)
            default: return false
            }
            return true
        }
        self.type = type
        self.length = length
        self.repetition = repetition
        self.name = name
        childCount = children
        meaning = logical ?? Self.converted(converted, precision: precision, scale: scale)
    }

    /// The union `LogicalType`; nil for one that says nothing of how values are shown.
    private static func logical(_ reader: inout CompactReader) throws(ParquetError) -> Meaning? {
        var meaning: Meaning?
        try reader.structure { (reader, field, kind) throws(ParquetError) in
            guard kind == .structure else { return false }
            switch field {
            case 1, 4: meaning = .text
            case 6: meaning = .date
            case 12: meaning = .json
            case 14: meaning = .uuid
            case 15: meaning = .half
            case 5: meaning = try decimal(&reader)
            case 7: meaning = .time(try moment(&reader).unit)
            case 8:
                let (unit, isUTC) = try moment(&reader)
                meaning = .timestamp(unit, isUTC: isUTC)
            case 10: meaning = try integer(&reader)
            default: return false
            }
            if [1, 4, 6, 12, 14, 15].contains(field) { try reader.skip(kind.rawValue, depth: 1) }
            return true
        }
        return meaning
    }

    private static func decimal(_ reader: inout CompactReader) throws(ParquetError) -> Meaning {
        var (scale, precision) = (0, 0)
        try reader.structure { (reader, field, kind) throws(ParquetError) in
            switch (field, kind) {
            case (1, .int): scale = try reader.count()
            case (2, .int): precision = try reader.count()
            default: return false
            }
            return true
        }
        return .decimal(precision: precision, scale: scale)
    }

    private static func moment(
        _ reader: inout CompactReader
    ) throws(ParquetError) -> (unit: Meaning.Unit, isUTC: Bool) {
        var (unit, isUTC) = (Meaning.Unit.millis, false)
        try reader.structure { (reader, field, kind) throws(ParquetError) in
            if field == 1 { isUTC = kind == .yes }
            guard field == 2, kind == .structure else { return false }
            try reader.structure { (_, field, _) throws(ParquetError) in
                unit = field == 3 ? .nanos : field == 2 ? .micros : .millis
                return false
            }
            return true
        }
        return (unit, isUTC)
    }

    private static func integer(_ reader: inout CompactReader) throws(ParquetError) -> Meaning {
        var (bits, isSigned) = (64, true)
        try reader.structure { (reader, field, kind) throws(ParquetError) in
            if field == 2 { isSigned = kind == .yes }
            guard field == 1, kind == .byte else { return false }
            bits = Int(try reader.byte())
            return true
        }
        return isSigned ? .signed(bits: bits) : .unsigned(bits: bits)
    }

    /// What files say that were written before there was `LogicalType`.
    private static func converted(_ type: Int?, precision: Int, scale: Int) -> Meaning {
        switch type {
        case 0, 4: .text
        case 5: .decimal(precision: precision, scale: scale)
        case 6: .date
        case 7: .time(.millis)
        case 8: .time(.micros)
        case 9: .timestamp(.millis, isUTC: true)
        case 10: .timestamp(.micros, isUTC: true)
        case 11: .unsigned(bits: 8)
        case 12: .unsigned(bits: 16)
        case 13: .unsigned(bits: 32)
        case 14: .unsigned(bits: 64)
        case 15: .signed(bits: 8)
        case 16: .signed(bits: 16)
        case 17: .signed(bits: 32)
        case 18: .signed(bits: 64)
        case 19: .json
        default: .plain
        }
    }
}
