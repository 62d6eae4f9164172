/// A cursor that goes forward through a JSON text: for bodies that are decoded by hand because they are hot.
///
/// ```swift
/// try reader.enterObject()
/// while let key = try reader.nextKey() {
///     switch key {
///     case "run_id": id = try reader.string()
///     default: try reader.skip()
///     }
/// }
/// ```
///
/// After a key or an element exactly one value must be read, entered or skipped. The bytes must outlive the reader.
/// The text must be UTF-8; Python's bare `NaN`, `Infinity` and `-Infinity` are numbers.
package struct JSONReader {
    /// What a value is, told from its first byte.
    package enum Kind: Sendable, Hashable {
        case null, boolean, number, string, array, object
    }

    let bytes: UnsafeRawBufferPointer
    let depthLimit: Int
    /// How many values may still be read as trees.
    ///
    /// Security: a value in a tree takes many times the room of its text.
    var valuesLeft: Int
    var position = 0
    private var depth = 0
    /// Nothing was read yet in the innermost container, so no comma is due.
    private var isFirst = true

    /// So many values are read as trees, where nothing else is said: a tree takes some thirty times its text.
    package static let valueLimit = 500_000

    /// - Parameters:
    ///   - bytes: The text.
    ///   - depthLimit: How deep arrays and objects may be within each other.
    ///   - valueLimit: How many values there may be in what is read as trees; what is read by hand has no limit.
    package init(
        _ bytes: UnsafeRawBufferPointer,
        depthLimit: Int = 200,
        valueLimit: Int = JSONReader.valueLimit
    ) {
        self.bytes = bytes
        self.depthLimit = depthLimit
        valuesLeft = valueLimit
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    /// Runs `body` on a reader of these bytes.
    package static func read<T>(_ bytes: [UInt8], _ body: (inout JSONReader) throws -> T) throws -> T {
        try bytes.withUnsafeBytes { buffer in
            var reader = JSONReader(buffer)
            return try body(&reader)
        }
    }

    /// What the next value is, without reading it.
    package mutating func peek() throws(JSONError) -> Kind {
        switch try nextByte("a value") {
        case UInt8(ascii: "{"): return .object
        case UInt8(ascii: "["): return .array
        case UInt8(ascii: "\""): return .string
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return .boolean
        case UInt8(ascii: "n"): return .null
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "N"), UInt8(ascii: "I"):
            return .number
        default: throw error("expected a value")
        }
    }

    /// Steps over the `{` of an object.
    package mutating func enterObject() throws(JSONError) { try enter(UInt8(ascii: "{"), "an object") }

    /// Steps over the `[` of an array.
    package mutating func enterArray() throws(JSONError) { try enter(UInt8(ascii: "["), "an array") }

    /// The next key of the object entered last; nil after its `}`, which leaves it.
    package mutating func nextKey() throws(JSONError) -> Key? {
        guard try advance(until: UInt8(ascii: "}"), "',' or '}'") else { return nil }
        guard try nextByte("a key") == UInt8(ascii: "\"") else { throw error("expected a key") }
        let key = try rawString()
        guard try nextByte("':'") == UInt8(ascii: ":") else { throw error("expected ':'") }
        position += 1
        return Key(raw: key)
    }

    /// Whether the array entered last has another element; after its `]` it is left.
    package mutating func nextElement() throws(JSONError) -> Bool {
        try advance(until: UInt8(ascii: "]"), "',' or ']'")
    }

    package mutating func boolean() throws(JSONError) -> Bool {
        switch try nextByte("a boolean") {
        case UInt8(ascii: "t"):
            try literal("true")
            return true
        case UInt8(ascii: "f"):
            try literal("false")
            return false
        default: throw error("expected a boolean")
        }
    }

    package mutating func null() throws(JSONError) {
        _ = try nextByte("null")
        try literal("null")
    }

    /// Steps over one value of any kind, which must be well-formed.
    package mutating func skip() throws(JSONError) {
        switch try peek() {
        case .null: try null()
        case .boolean: _ = try boolean()
        case .number: _ = try number()
        case .string: _ = try rawString()
        case .array:
            try enterArray()
            while try nextElement() { try skip() }
        case .object:
            try enterObject()
            while try nextKey() != nil { try skip() }
        }
    }

    /// Checks that nothing but space is left.
    package mutating func finish() throws(JSONError) {
        skipSpace()
        guard position == bytes.count else { throw error("expected the end") }
    }

    private mutating func enter(_ byte: UInt8, _ what: String) throws(JSONError) {
        guard try nextByte(what) == byte else { throw error("expected \(what)") }
        guard depth < depthLimit else { throw error("nested deeper than \(depthLimit)") }
        position += 1
        depth += 1
        isFirst = true
    }

    private mutating func advance(until end: UInt8, _ what: String) throws(JSONError) -> Bool {
        let byte = try nextByte(what)
        if byte == end {
            position += 1
            depth -= 1
            isFirst = false
            return false
        }
        if isFirst {
            isFirst = false
            return true
        }
        guard byte == UInt8(ascii: ",") else { throw error("expected \(what)") }
        position += 1
        return true
    }

    func error(_ message: String) -> JSONError { JSONError(message: message, position: position) }

    /// The byte at the next position that is not space; stays on it.
    mutating func nextByte(_ what: @autoclosure () -> String) throws(JSONError) -> UInt8 {
        skipSpace()
        guard position < bytes.count else { throw error("expected \(what()) but the text ends") }
        return bytes[position]
    }

    private mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x0A, 0x0D, 0x09: position += 1
            default: return
            }
        }
    }

    mutating func literal(_ word: StaticString) throws(JSONError) {
        let end = position + word.utf8CodeUnitCount
        guard end <= bytes.count,
            UnsafeRawBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
                .elementsEqual(bytes[position..<end])
        else { throw error("expected '\(word)'") }
        position = end
    }
}
