/// Writes JSON into bytes, without space; commas are its business.
///
/// ```swift
/// var json = JSONWriter()
/// json.object { json in
///     json.field("run_id", id)
///     json.array("metrics") { json in
///         for metric in metrics { json.object { metric.write(to: &$0) } }
///     }
/// }
/// ```
///
/// Numbers are spelled as Python spells them (`1.0`, `1e-05`); NaN and the infinities are the strings that protobuf's
/// JSON has for them.
package struct JSONWriter: Sendable {
    /// What is written, and room for more behind it.
    private var storage: [UInt8]
    private var count = 0
    private var needsComma = false

    package init(capacityBytes: Int = 256) {
        storage = [UInt8](repeating: 0, count: max(capacityBytes, 16))
    }

    package var bytes: [UInt8] { Array(storage[..<count]) }

    /// What is written, without a copy.
    package func withBytes<T>(_ body: (UnsafeRawBufferPointer) throws -> T) rethrows -> T {
        try storage.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
    }

    package mutating func object(_ body: (inout JSONWriter) throws -> Void) rethrows {
        open(UInt8(ascii: "{"))
        try body(&self)
        close(UInt8(ascii: "}"))
    }

    package mutating func array(_ body: (inout JSONWriter) throws -> Void) rethrows {
        open(UInt8(ascii: "["))
        try body(&self)
        close(UInt8(ascii: "]"))
    }

    package mutating func object(_ key: StaticString, _ body: (inout JSONWriter) throws -> Void) rethrows {
        self.key(key)
        try object(body)
    }

    package mutating func array(_ key: StaticString, _ body: (inout JSONWriter) throws -> Void) rethrows {
        self.key(key)
        try array(body)
    }

    package mutating func field(_ key: StaticString, _ value: String) {
        self.key(key)
        self.value(value)
    }

    package mutating func field(_ key: StaticString, _ value: Int64) {
        self.key(key)
        self.value(value)
    }

    package mutating func field(_ key: StaticString, _ value: Int) {
        self.key(key)
        self.value(Int64(value))
    }

    package mutating func field(_ key: StaticString, _ value: Double) {
        self.key(key)
        self.value(value)
    }

    package mutating func field(_ key: StaticString, _ value: Bool) {
        self.key(key)
        self.value(value)
    }

    package mutating func field(_ key: StaticString, _ value: JSON) {
        self.key(key)
        self.value(value)
    }

    /// Writes a key of the program, which needs no escapes; one value must follow.
    package mutating func key(_ name: StaticString) {
        let name = UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
        separate(before: name.count + 3)
        append(UInt8(ascii: "\""))
        append(name)
        append(UInt8(ascii: "\""))
        append(UInt8(ascii: ":"))
        needsComma = false
    }

    /// Writes a key that comes from elsewhere; one value must follow.
    package mutating func key(_ name: String) {
        value(name)
        needsComma = false
        separate(before: 1)
        append(UInt8(ascii: ":"))
        needsComma = false
    }

    package mutating func value(_ string: String) {
        var string = string
        string.withUTF8 { value(UnsafeRawBufferPointer($0)) }
    }

    package mutating func value(_ integer: Int64) {
        separate(before: 20)
        append(integer)
    }

    package mutating func value(_ double: Double) {
        guard double.isFinite else {
            return value(double.isNaN ? "NaN" : double < 0 ? "-Infinity" : "Infinity")
        }
        separate(before: 32)
        append(double)
    }

    package mutating func value(_ boolean: Bool) {
        separate(before: 5)
        append(boolean ? "true" : "false")
    }

    package mutating func null() {
        separate(before: 4)
        append("null")
    }

    /// Writes a value that is JSON already.
    package mutating func raw(_ json: [UInt8]) {
        separate(before: json.count)
        json.withUnsafeBytes { append($0) }
    }

    private mutating func open(_ byte: UInt8) {
        separate(before: 1)
        append(byte)
        needsComma = false
    }

    private mutating func close(_ byte: UInt8) {
        needsComma = false
        separate(before: 1)
        append(byte)
    }

    private mutating func value(_ text: UnsafeRawBufferPointer) {
        let end = JSONBytes.endOfPlain(text, from: 0)
        // An escape is six bytes at the most.
        separate(before: end + (text.count - end) * 6 + 2)
        append(UInt8(ascii: "\""))
        var start = 0
        var next = end
        while next < text.count {
            append(UnsafeRawBufferPointer(rebasing: text[start..<next]))
            escape(text[next])
            start = next + 1
            next = JSONBytes.endOfPlain(text, from: start)
        }
        append(UnsafeRawBufferPointer(rebasing: text[start...]))
        append(UInt8(ascii: "\""))
    }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): append("\\\"")
        case UInt8(ascii: "\\"): append("\\\\")
        case 0x0A: append("\\n")
        case 0x0D: append("\\r")
        case 0x09: append("\\t")
        default:
            append("\\u00")
            for digit in [byte >> 4, byte & 15] {
                append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
            }
        }
    }

    private mutating func append(_ integer: Int64) {
        if integer < 0 { append(UInt8(ascii: "-")) }
        let magnitude = integer.magnitude
        var length = 1
        var bound: UInt64 = 10
        while magnitude >= bound, length < 19 {
            length += 1
            bound &*= 10
        }
        if length == 19, magnitude >= bound { length = 20 }
        var rest = magnitude
        for index in stride(from: count + length - 1, through: count, by: -1) {
            storage[index] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
        count += length
    }

    private mutating func append(_ double: Double) {
        let size = double.magnitude
        if size < 1e15, size == size.rounded(.towardZero), size > 0 {
            append(Int64(double))
            append(".0")
            return
        }
        var text = double.description
        if size >= 1e16, size < 0x1p54 {
            // Python turns to exponents from 1e16 on, Swift from 2^54.
            let digits = String(UInt64(size))
            let fraction = String(digits.dropFirst().reversed().drop { $0 == "0" }.reversed())
            text =
                (double < 0 ? "-" : "") + digits.prefix(1) + (fraction.isEmpty ? "" : "." + fraction) + "e+16"
        }
        text.withUTF8 { append(UnsafeRawBufferPointer($0)) }
    }

    private mutating func append(_ text: StaticString) {
        append(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Makes room for what comes next and writes the comma that is due before it.
    @inline(__always)
    private mutating func separate(before lengthBytes: Int) {
        if storage.count - count <= lengthBytes { grow(by: lengthBytes + 1) }
        if needsComma { append(UInt8(ascii: ",")) }
        needsComma = true
    }

    private mutating func grow(by lengthBytes: Int) {
        let capacity = max(storage.count * 2, count + lengthBytes)
        storage.reserveCapacity(capacity)
        storage.append(contentsOf: [UInt8](repeating: 0, count: capacity - storage.count))
    }

    /// Room has been made before.
    @inline(__always)
    private mutating func append(_ byte: UInt8) {
        storage[count] = byte
        count += 1
    }

    @inline(__always)
    private mutating func append(_ text: UnsafeRawBufferPointer) {
        guard let source = text.baseAddress, !text.isEmpty else { return }
        let start = count
        storage.withUnsafeMutableBytes { storage in
            guard let target = storage.baseAddress, start + text.count <= storage.count else {
                preconditionFailure("no room was made")
            }
            (target + start).copyMemory(from: source, byteCount: text.count)
        }
        count += text.count
    }
}
