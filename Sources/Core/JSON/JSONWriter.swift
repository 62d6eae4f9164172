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
package struct JSONWriter: ~Copyable {
    /// What is written, and room for more behind it: memory of its own, because an array would be checked for other
    /// owners at each of the few bytes that are added at a time.
    private var start: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    private var count = 0
    private var needsComma = false

    package init(capacityBytes: Int = 256) {
        capacity = max(capacityBytes, 16)
        start = .allocate(capacity: capacity)
    }

    deinit { start.deallocate() }

    package var bytes: [UInt8] { withBytes { Array($0) } }

    /// What is written, without a copy.
    package func withBytes<T>(_ body: (UnsafeRawBufferPointer) throws -> T) rethrows -> T {
        try body(UnsafeRawBufferPointer(start: start, count: count))
    }

    package mutating func object(_ body: (inout JSONWriter) throws -> Void) rethrows {
        open(UInt8(ascii: "{"))
        try body(&self)
        close(UInt8(ascii: "}"))
    }

    /// Writes an object whose beginning, from its brace to the colon of a key, has been written before.
    package mutating func object(
        opening beginning: [UInt8],
        _ body: (inout JSONWriter) throws -> Void
    ) rethrows {
        separate(before: beginning.count)
        beginning.withUnsafeBytes { append($0) }
        needsComma = false
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

    /// Writes an integer that clients expect as a string.
    package mutating func field(_ key: StaticString, quoting value: Int64) {
        self.key(key)
        separate(before: 22)
        append(UInt8(ascii: "\""))
        append(value)
        append(UInt8(ascii: "\""))
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
        string.withUTF8 { value(utf8: UnsafeRawBufferPointer($0)) }
    }

    /// Writes a string that is given as its bytes, which must be UTF-8.
    package mutating func value(utf8 text: UnsafeRawBufferPointer) {
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
        precondition(count + length <= capacity, "no room was made")
        var rest = magnitude
        for index in stride(from: count + length - 1, through: count, by: -1) {
            start[index] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest % 10)
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
        if capacity - count <= lengthBytes { grow(by: lengthBytes + 1) }
        if needsComma { append(UInt8(ascii: ",")) }
        needsComma = true
    }

    private mutating func grow(by lengthBytes: Int) {
        capacity = max(capacity * 2, count + lengthBytes)
        let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
        larger.update(from: start, count: count)
        start.deallocate()
        start = larger
    }

    /// Room has been made before.
    @inline(__always)
    private mutating func append(_ byte: UInt8) {
        precondition(count < capacity, "no room was made")
        start[count] = byte
        count += 1
    }

    @inline(__always)
    private mutating func append(_ text: UnsafeRawBufferPointer) {
        guard let source = text.baseAddress, !text.isEmpty else { return }
        precondition(count + text.count <= capacity, "no room was made")
        UnsafeMutableRawPointer(start + count).copyMemory(from: source, byteCount: text.count)
        count += text.count
    }
}
