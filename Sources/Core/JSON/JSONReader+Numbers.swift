extension JSONReader {
    /// A number as it was written.
    package enum Number: Sendable, Hashable {
        /// Without fraction and exponent, and within 64 bits.
        case integer(Int64)
        case double(Double)

        package var double: Double {
            switch self {
            case .integer(let value): Double(value)
            case .double(let value): value
            }
        }
    }

    package mutating func number() throws(JSONError) -> Number {
        let first = try nextByte("a number")
        let start = position
        let isNegative = first == UInt8(ascii: "-")
        if isNegative { position += 1 }
        if let word = try word(isNegative: isNegative) { return .double(word) }

        // The digits as one integer, how many of them count, and the power of ten that it is to be raised by.
        var digits: UInt64 = 0
        var count = 0
        var exponent = 0
        let whole = try readDigits(into: &digits, &count)
        if whole > 1, bytes[position - whole] == UInt8(ascii: "0") {
            position -= whole
            throw error("a number with a leading zero")
        }
        var isInteger = true
        if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
            isInteger = false
            position += 1
            exponent -= try readDigits(into: &digits, &count)
        }
        if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
            isInteger = false
            exponent += try readExponent()
        }

        if isInteger, count <= 18 { return .integer(isNegative ? -Int64(digits) : Int64(digits)) }
        // Within these bounds both numbers are exact in a double, so one operation rounds right.
        if count <= 19, digits < 1 << 53, abs(exponent) <= 22 {
            let value =
                exponent < 0
                ? Double(digits) / powersOfTen[-exponent] : Double(digits) * powersOfTen[exponent]
            return .double(isNegative ? -value : value)
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isInteger, let value = Int64(text) { return .integer(value) }
        return .double(Double(text) ?? (isNegative ? -.infinity : .infinity))
    }

    /// Python's words for what JSON cannot say.
    private mutating func word(isNegative: Bool) throws(JSONError) -> Double? {
        guard position < bytes.count else { return nil }
        switch bytes[position] {
        case UInt8(ascii: "N") where !isNegative:
            try literal("NaN")
            return .nan
        case UInt8(ascii: "I"):
            try literal("Infinity")
            return isNegative ? -.infinity : .infinity
        default: return nil
        }
    }

    /// Reads at least one digit and says how many it read; `count` leaves out zeros in front.
    ///
    /// `digits` takes the first nineteen that count, from both sides of the point.
    private mutating func readDigits(into digits: inout UInt64, _ count: inout Int) throws(JSONError) -> Int {
        let start = position
        while position < bytes.count {
            let digit = bytes[position] &- UInt8(ascii: "0")
            guard digit < 10 else { break }
            if count > 0 || digit > 0 { count += 1 }
            if count <= 19 { digits = digits &* 10 &+ UInt64(digit) }
            position += 1
        }
        guard position > start else { throw error("expected a digit") }
        return position - start
    }

    private mutating func readExponent() throws(JSONError) -> Int {
        position += 1
        var isNegative = false
        if position < bytes.count,
            bytes[position] == UInt8(ascii: "-") || bytes[position] == UInt8(ascii: "+")
        {
            isNegative = bytes[position] == UInt8(ascii: "-")
            position += 1
        }
        var digits: UInt64 = 0
        var count = 0
        _ = try readDigits(into: &digits, &count)
        let exponent = count > 6 ? 1_000_000 : Int(digits)
        return isNegative ? -exponent : exponent
    }
}

private let powersOfTen: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
    1e19,
    1e20, 1e21, 1e22,
]
