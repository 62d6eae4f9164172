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
    package private(set) var bytes: [UInt8] = []
    private var needsComma = false

    package init(capacityBytes: Int = 256) {
        bytes.reserveCapacity(capacityBytes)
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
        separate()
        bytes.append(UInt8(ascii: "\""))
        bytes.append(contentsOf: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    /// Writes a key that comes from elsewhere; one value must follow.
    package mutating func key(_ name: String) {
        value(name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    package mutating func value(_ string: String) {
        separate()
        var string = string
        bytes.append(UInt8(ascii: "\""))
        string.withUTF8 { escape(UnsafeRawBufferPointer($0)) }
        bytes.append(UInt8(ascii: "\""))
    }

    package mutating func value(_ integer: Int64) {
        separate()
        append(integer)
    }

    package mutating func value(_ double: Double) {
        guard double.isFinite else {
            return value(double.isNaN ? "NaN" : double < 0 ? "-Infinity" : "Infinity")
        }
        separate()
        append(double)
    }

    package mutating func value(_ boolean: Bool) {
        separate()
        append(boolean ? "true" : "false")
    }

    package mutating func null() {
        separate()
        append("null")
    }

    /// Writes a value that is JSON already.
    package mutating func raw(_ json: some Sequence<UInt8>) {
        separate()
        bytes.append(contentsOf: json)
    }

    private mutating func open(_ byte: UInt8) {
        separate()
        bytes.append(byte)
        needsComma = false
    }

    private mutating func close(_ byte: UInt8) {
        bytes.append(byte)
        needsComma = true
    }

    @inline(__always)
    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }

    private mutating func append(_ text: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    private mutating func escape(_ text: UnsafeRawBufferPointer) {
        var start = 0
        while start < text.count {
            let end = JSONBytes.endOfPlain(text, from: start)
            bytes.append(contentsOf: text[start..<end])
            guard end < text.count else { return }
            escape(text[end])
            start = end + 1
        }
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
                bytes.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
            }
        }
    }

    private mutating func append(_ integer: Int64) {
        if integer < 0 { bytes.append(UInt8(ascii: "-")) }
        var rest = integer.magnitude
        let start = bytes.count
        repeat {
            bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
            rest /= 10
        } while rest > 0
        bytes[start...].reverse()
    }

    private mutating func append(_ double: Double) {
        let size = double.magnitude
        if size < 1e15, size == size.rounded(.towardZero), size > 0 {
            append(Int64(double))
            append(".0")
        } else if size >= 1e16, size < 0x1p54 {
            // Python turns to exponents from 1e16 on, Swift from 2^54.
            let digits = String(UInt64(size))
            let fraction = digits.dropFirst().reversed().drop { $0 == "0" }.reversed()
            let text =
                (double < 0 ? "-" : "") + digits.prefix(1) + (fraction.isEmpty ? "" : "." + fraction) + "e+16"
            bytes.append(contentsOf: text.utf8)
        } else {
            bytes.append(contentsOf: double.description.utf8)
        }
    }
}
