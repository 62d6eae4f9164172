/// Ids that nobody else makes.
package enum RandomID {
    /// A random UUID (version 4) in small letters, with its dashes.
    package static func uuid() -> String {
        let digits = hexadecimal()
        var text = ""
        for (position, digit) in digits.enumerated() {
            if [8, 12, 16, 20].contains(position) { text.append("-") }
            text.append(digit)
        }
        return text
    }

    /// 32 hexadecimal digits of a random UUID (version 4).
    package static func hexadecimal() -> String {
        let high = UInt64.random(in: .min ... .max) & ~0xF000 | 0x4000
        let low = UInt64.random(in: .min ... .max) & ~(0xC << 60) | 0x8 << 60
        return padded(high) + padded(low)
    }

    private static func padded(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
