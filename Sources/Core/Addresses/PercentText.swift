/// Text with its percent signs resolved.
package enum PercentText {
    /// A path with everything escaped but letters, digits, `-._~` and the slashes between its segments.
    package static func escaped(_ path: some StringProtocol) -> String {
        path.utf8.reduce(into: "") { text, byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"),
                UInt8(ascii: "~"), UInt8(ascii: "/"):
                text.unicodeScalars.append(Unicode.Scalar(byte))
            default: text += (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
            }
        }
    }

    /// Decoded until nothing changes, as whoever decodes it once more would read it.
    ///
    /// - Parameters:
    ///   - text: The text; each round makes it shorter by two bytes at least.
    ///   - mostRounds: Where to stop.
    /// - Returns: The text; what is not UTF-8 in it is replaced.
    package static func decoded(_ text: some StringProtocol, mostRounds: Int = .max) -> String {
        var current = String(text)
        for _ in 0..<mostRounds {
            let next = decodedOnce(current)
            if next == current { break }
            current = next
        }
        return current
    }

    private static func decodedOnce(_ text: String) -> String {
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count,
                let byte = UInt8(String(decoding: bytes[index + 1...index + 2], as: UTF8.self), radix: 16)
            {
                result.append(byte)
                index += 3
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
