/// Says a value as people write it.
struct ValueText: Sendable {
    private let leaf: Leaf
    private let textBytes: Int

    init(_ leaf: Leaf, textBytes: Int) {
        self.leaf = leaf
        self.textBytes = textBytes
    }

    func text(_ bytes: ArraySlice<UInt8>) -> String {
        switch leaf.type {
        case .boolean: bytes.first == 1 ? "true" : "false"
        case .int32: integer(Int64(Int32(truncatingIfNeeded: bits(bytes))))
        case .int64: integer(Int64(bitPattern: bits(bytes)))
        case .int96: julian(bytes)
        case .float: "\(Float(bitPattern: UInt32(truncatingIfNeeded: bits(bytes))))"
        case .double: "\(Double(bitPattern: bits(bytes)))"
        case .byteArray, .fixedBytes: binary(bytes)
        }
    }

    private func bits(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.prefix(8).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    private func integer(_ value: Int64) -> String {
        switch leaf.meaning {
        case .date: Moment.date(days: value)
        case .timestamp(let unit, let isUTC): Moment.text(value, per: unit.perSecond, isUTC: isUTC)
        case .time(let unit): Moment.time(value, per: unit.perSecond)
        case .decimal(_, let scale): Self.decimal(Int128(value), scale: scale)
        case .unsigned:
            leaf.type == .int32 ? "\(UInt32(truncatingIfNeeded: value))" : "\(UInt64(bitPattern: value))"
        default: "\(value)"
        }
    }

    /// Nanoseconds of a day, and the number of the day as astronomers count.
    private func julian(_ bytes: ArraySlice<UInt8>) -> String {
        let nanos = Int64(bitPattern: bits(bytes.prefix(8)))
        let day = Int64(UInt32(truncatingIfNeeded: bits(bytes.dropFirst(8)))) - 2_440_588
        guard (0..<86_400_000_000_000).contains(nanos) else { return hex(bytes) }
        return "\(Moment.date(days: day)) \(Moment.time(nanos, per: 1_000_000_000))"
    }

    private func binary(_ bytes: ArraySlice<UInt8>) -> String {
        switch leaf.meaning {
        case .text, .json: return cut(bytes)
        case .decimal(_, let scale) where bytes.count <= 16:
            let isNegative = (bytes.first ?? 0) >= 0x80
            return Self.decimal(bytes.reduce(isNegative ? -1 : 0) { $0 << 8 | Int128($1) }, scale: scale)
        case .uuid where bytes.count == 16:
            let digits = Array(hex(bytes).dropFirst(2))
            return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(digits[$0]) }.joined(
                separator: "-"
            )
        case .half where bytes.count == 2: return "\(Self.half(UInt16(truncatingIfNeeded: bits(bytes))))"
        default:
            // Old writers say of text only that it is bytes.
            guard leaf.type == .byteArray, let text = String(validating: bytes, as: UTF8.self),
                text.unicodeScalars.allSatisfy({ $0.value >= 0x20 || $0 == "\n" || $0 == "\t" })
            else { return hex(bytes) }
            return cut(text.utf8)
        }
    }

    private func cut(_ bytes: some Collection<UInt8>) -> String {
        guard bytes.count > textBytes else { return String(decoding: bytes, as: UTF8.self) }
        var shown = Array(bytes.prefix(textBytes + 1))
        // Up to where a character begins.
        while let last = shown.popLast(), last & 0b1100_0000 == 0b1000_0000 {}
        return String(decoding: shown, as: UTF8.self) + "…"
    }

    private func hex(_ bytes: ArraySlice<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        let text = bytes.prefix(32).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        let rest = bytes.count > 32 ? "… (\(bytes.count) bytes)" : ""
        return "0x" + String(decoding: text, as: UTF8.self) + rest
    }

    static func decimal(_ value: Int128, scale: Int) -> String {
        guard scale > 0, scale <= 64 else { return "\(value)" }
        let digits = "\(value.magnitude)"
        let padded = String(repeating: "0", count: max(0, scale + 1 - digits.count)) + digits
        return (value < 0 ? "-" : "") + padded.dropLast(scale) + "." + padded.suffix(scale)
    }

    /// A number of 16 bits, IEEE 754.
    static func half(_ bits: UInt16) -> Float {
        let sign: Float = bits & 0x8000 == 0 ? 1 : -1
        let (exponent, fraction) = (Int(bits >> 10 & 31), Float(bits & 1_023))
        switch exponent {
        case 0: return sign * fraction / Float(1 << 24)
        case 31: return fraction == 0 ? sign * .infinity : .nan
        default: return sign * Float(sign: .plus, exponent: exponent - 15, significand: 1 + fraction / 1_024)
        }
    }
}
