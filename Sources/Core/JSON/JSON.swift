/// A JSON value as it was read: numbers keep whether they were written as integers, objects keep their order.
package enum JSON: Sendable, Hashable {
    case null
    case boolean(Bool)
    /// A number without fraction and exponent that fits 64 bits.
    case integer(Int64)
    /// Any other number, and Python's bare `NaN`, `Infinity` and `-Infinity`.
    case number(Double)
    case string(String)
    case array([JSON])
    case object([Member])

    /// One key of an object and its value.
    package struct Member: Sendable, Hashable {
        package let key: String
        package let value: JSON

        package init(key: String, value: JSON) {
            self.key = key
            self.value = value
        }
    }

    /// Reads one whole value; anything but space after it is an error.
    package init(parsing bytes: [UInt8], valueLimit: Int = JSONReader.valueLimit) throws(JSONError) {
        let result = bytes.withUnsafeBytes { buffer -> Result<JSON, JSONError> in
            do throws(JSONError) { return .success(try JSON(parsing: buffer, valueLimit: valueLimit)) } catch
            {
                return .failure(error)
            }
        }
        self = try result.get()
    }

    package init(
        parsing bytes: UnsafeRawBufferPointer,
        valueLimit: Int = JSONReader.valueLimit
    ) throws(JSONError) {
        var reader = JSONReader(bytes, valueLimit: valueLimit)
        self = try reader.value()
        try reader.finish()
    }

    package init(parsing text: String, valueLimit: Int = JSONReader.valueLimit) throws(JSONError) {
        try self.init(parsing: Array(text.utf8), valueLimit: valueLimit)
    }

    /// The value of a key of an object; the last one where the key is repeated, as Python reads it.
    package subscript(key: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members.last { $0.key == key }?.value
    }

    /// This value written without space.
    package var text: String {
        var writer = JSONWriter()
        writer.value(self)
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}

extension JSONReader {
    /// Reads whatever comes next as a tree.
    ///
    /// - Throws: `JSONError` for what is no JSON or has more values than the reader allows.
    package mutating func value() throws(JSONError) -> JSON {
        guard valuesLeft > 0 else {
            throw JSONError(message: "too many values", position: position, isTooMuch: true)
        }
        valuesLeft -= 1
        switch try peek() {
        case .null:
            try null()
            return .null
        case .boolean:
            return .boolean(try boolean())
        case .string:
            return .string(try string())
        case .number:
            switch try number() {
            case .integer(let integer): return .integer(integer)
            case .double(let double): return .number(double)
            }
        case .array:
            var elements: [JSON] = []
            try enterArray()
            while try nextElement() { elements.append(try value()) }
            return .array(elements)
        case .object:
            var members: [JSON.Member] = []
            try enterObject()
            while let key = try nextKey() {
                members.append(JSON.Member(key: try key.string(), value: try value()))
            }
            return .object(members)
        }
    }
}

extension JSONWriter {
    /// Writes a tree.
    package mutating func value(_ json: JSON) {
        switch json {
        case .null: null()
        case .boolean(let value): self.value(value)
        case .integer(let value): self.value(value)
        case .number(let value): self.value(value)
        case .string(let value): self.value(value)
        case .array(let elements):
            array { writer in
                for element in elements { writer.value(element) }
            }
        case .object(let members):
            object { writer in
                for member in members {
                    writer.key(member.key)
                    writer.value(member.value)
                }
            }
        }
    }
}
