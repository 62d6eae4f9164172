extension JSONReader {
    /// A key as it stands in the text; compare it with literals, or ask for its string.
    package struct Key {
        fileprivate let raw: RawString

        init(raw: RawString) { self.raw = raw }

        package func string() throws(JSONError) -> String { try raw.decoded() }

        package static func ~= (name: StaticString, key: Key) -> Bool { key == name }

        package static func == (key: Key, name: StaticString) -> Bool {
            if key.raw.hasEscapes { return (try? key.raw.decoded()) == "\(name)" }
            let bytes = UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
            return key.raw.bytes.count == bytes.count && key.raw.bytes.elementsEqual(bytes)
        }
    }

    /// The text between two quotes, escapes still in it.
    struct RawString {
        let bytes: UnsafeRawBufferPointer
        let position: Int
        let hasEscapes: Bool
    }

    package mutating func string() throws(JSONError) -> String {
        guard try nextByte("a string") == UInt8(ascii: "\"") else { throw error("expected a string") }
        return try rawString().decoded()
    }

    /// Steps over a string, checking its escapes later, when it is decoded.
    mutating func rawString() throws(JSONError) -> RawString {
        let start = position + 1
        var index = start
        var hasEscapes = false
        while true {
            index = JSONBytes.endOfPlain(bytes, from: index)
            guard index < bytes.count else { throw error("the string does not end") }
            switch bytes[index] {
            case UInt8(ascii: "\""):
                position = index + 1
                let inside = UnsafeRawBufferPointer(rebasing: bytes[start..<index])
                return RawString(bytes: inside, position: start, hasEscapes: hasEscapes)
            case UInt8(ascii: "\\"):
                hasEscapes = true
                index += 2
            default:
                position = index
                throw error("a control character in a string")
            }
        }
    }
}

extension JSONReader.RawString {
    func decoded() throws(JSONError) -> String {
        let text: String?
        if hasEscapes {
            text = String(validating: try unescaped(), as: UTF8.self)
        } else {
            text = String(validating: bytes.assumingMemoryBound(to: UInt8.self), as: UTF8.self)
        }
        guard let text else { throw JSONError(message: "a string is not UTF-8", position: position) }
        return text
    }

    private func unescaped() throws(JSONError) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            guard byte == UInt8(ascii: "\\") else {
                result.append(byte)
                index += 1
                continue
            }
            guard index + 1 < bytes.count else { throw error("an escape does not end", index) }
            index += 2
            switch bytes[index - 1] {
            case UInt8(ascii: "\""): result.append(UInt8(ascii: "\""))
            case UInt8(ascii: "\\"): result.append(UInt8(ascii: "\\"))
            case UInt8(ascii: "/"): result.append(UInt8(ascii: "/"))
            case UInt8(ascii: "b"): result.append(0x08)
            case UInt8(ascii: "f"): result.append(0x0C)
            case UInt8(ascii: "n"): result.append(0x0A)
            case UInt8(ascii: "r"): result.append(0x0D)
            case UInt8(ascii: "t"): result.append(0x09)
            case UInt8(ascii: "u"):
                result.append(
                    contentsOf: UTF8.encode(try scalar(at: &index)) ?? UTF8.encodedReplacementCharacter
                )
            default: throw error("an unknown escape", index - 2)
            }
        }
        return result
    }

    /// Reads the digits of `\uXXXX` and its second half where it has one; half a pair becomes U+FFFD.
    private func scalar(at index: inout Int) throws(JSONError) -> Unicode.Scalar {
        let first = try codeUnit(at: index)
        index += 4
        if UTF16.isLeadSurrogate(first), index + 6 <= bytes.count, bytes[index] == UInt8(ascii: "\\"),
            bytes[index + 1] == UInt8(ascii: "u")
        {
            let second = try codeUnit(at: index + 2)
            if UTF16.isTrailSurrogate(second) {
                index += 6
                let bits = UInt32(first & 0x3FF) << 10 | UInt32(second & 0x3FF)
                return Unicode.Scalar(0x10000 + bits) ?? "\u{FFFD}"
            }
        }
        return Unicode.Scalar(first) ?? "\u{FFFD}"
    }

    private func codeUnit(at index: Int) throws(JSONError) -> UInt16 {
        guard index + 4 <= bytes.count else { throw error("an escape does not end", index) }
        var unit: UInt16 = 0
        for byte in bytes[index..<(index + 4)] {
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
            default: throw error("an escape wants four hexadecimal digits", index)
            }
            unit = unit << 4 | UInt16(digit)
        }
        return unit
    }

    private func error(_ message: String, _ index: Int) -> JSONError {
        JSONError(message: message, position: position + index)
    }
}

enum JSONBytes {
    /// The first index from `start` that holds a quote, a backslash or a control character; the end if none does.
    ///
    /// Eight bytes at a time: the usual tricks that set the high bit of a byte that is zero, or below 0x20.
    @inline(__always)
    static func endOfPlain(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let highs: UInt64 = 0x8080_8080_8080_8080
        var index = start
        while index + 8 <= bytes.count {
            let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            let quotes = word ^ (ones &* 0x22)
            let slashes = word ^ (ones &* 0x5C)
            let found =
                ((quotes &- ones) & ~quotes | (slashes &- ones) & ~slashes | (word &- ones &* 0x20) & ~word)
                & highs
            if found != 0 { return index + found.trailingZeroBitCount / 8 }
            index += 8
        }
        while index < bytes.count {
            let byte = bytes[index]
            if byte < 0x20 || byte == 0x22 || byte == 0x5C { break }
            index += 1
        }
        return index
    }
}
