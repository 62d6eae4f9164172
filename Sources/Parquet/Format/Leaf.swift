/// A column as the schema has it: the way to it, and how deep it lies in what may be absent or repeated.
struct Leaf: Sendable {
    /// The names on the way from the root.
    let path: [String]
    let type: PhysicalType
    /// Of each value of fixed length.
    let length: Int
    let meaning: Meaning
    /// The level of a value that is there.
    let definitionLevels: Int
    let repetitionLevels: Int
    /// The level from which on the outermost list has an element.
    let listLevel: Int

    /// Without the steps that only say that something is a list.
    var name: String {
        var (shown, rest) = ([String](), path[...])
        while let step = rest.popFirst() {
            if !shown.isEmpty, ["list", "bag"].contains(step),
                ["element", "item", "array_element", "array"].contains(rest.first)
            {
                rest = rest.dropFirst()
            } else {
                shown.append(step)
            }
        }
        return shown.joined(separator: ".")
    }

    var typeName: String {
        let name =
            switch meaning {
            case .plain: plainName
            case .text: "string"
            case .json: "json"
            case .date: "date"
            case .uuid: "uuid"
            case .half: "float16"
            case .unsigned(let bits): "uint\(bits)"
            case .signed(let bits): "int\(bits)"
            case .decimal(let precision, let scale): "decimal(\(precision), \(scale))"
            case .time(let unit): "time[\(unit.rawValue)]"
            case .timestamp(let unit, let isUTC): "timestamp[\(unit.rawValue)\(isUTC ? ", UTC" : "")]"
            }
        return (0..<repetitionLevels).reduce(name) { inner, _ in "list<\(inner)>" }
    }

    private var plainName: String {
        switch type {
        case .boolean: "bool"
        case .int32: "int32"
        case .int64: "int64"
        case .int96: "timestamp[ns]"
        case .float: "float"
        case .double: "double"
        case .byteArray: "binary"
        case .fixedBytes: "binary(\(length))"
        }
    }

    /// The columns of a schema in their order.
    static func all(of schema: [SchemaElement]) throws(ParquetError) -> [Leaf] {
        guard let root = schema.first else { throw .broken("it has no schema") }
        var walk = Walk(schema: schema)
        for _ in 0..<root.childCount {
            try walk.take(path: [], definition: 0, repetition: 0, list: 0, depth: 0)
        }
        return walk.leaves
    }

    private struct Walk {
        private static let deepest = 64

        let schema: [SchemaElement]
        var place = 1
        var leaves: [Leaf] = []

        init(schema: [SchemaElement]) { self.schema = schema }

        mutating func take(
            path: [String],
            definition: Int,
            repetition: Int,
            list: Int,
            depth: Int
        ) throws(ParquetError) {
            guard place < schema.count, depth < Self.deepest else { throw .broken("its schema is no tree") }
            let element = schema[place]
            place += 1
            let isRepeated = element.repetition == .repeated
            let definition = definition + (element.repetition == .required ? 0 : 1)
            let list = isRepeated && list == 0 ? definition : list
            let repetition = repetition + (isRepeated ? 1 : 0)
            let path = path + [element.name]
            if let type = element.type {
                leaves.append(
                    Leaf(
                        path: path,
                        type: type,
                        length: element.length,
                        meaning: element.meaning,
                        definitionLevels: definition,
                        repetitionLevels: repetition,
                        listLevel: list
                    )
                )
                return
            }
            for _ in 0..<element.childCount {
                try take(
                    path: path,
                    definition: definition,
                    repetition: repetition,
                    list: list,
                    depth: depth + 1
                )
            }
        }
    }
}
