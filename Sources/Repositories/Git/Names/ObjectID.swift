import CGit2

/// The id of a Git object: the SHA-1 of its content.
package struct ObjectID: Sendable, Hashable {
    private let high: UInt64
    private let middle: UInt64
    private let low: UInt32

    static let byteCount = 20

    /// - Parameter bytes: At least twenty; the first twenty are the id.
    init(_ bytes: UnsafeRawBufferPointer) {
        high = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self))
        middle = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        low = UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: 16, as: UInt32.self))
    }

    init(_ id: git_oid) {
        self = withUnsafeBytes(of: id) { ObjectID($0) }
    }

    /// Nil unless the text is forty digits of base 16.
    package init?(_ text: some StringProtocol) {
        self.init(digits: text.utf8)
    }

    /// Nil unless there are forty digits of base 16.
    init?(digits: some Collection<UInt8>) {
        guard digits.count == 2 * Self.byteCount else { return nil }
        var (high, middle, low): (UInt64, UInt64, UInt32) = (0, 0, 0)
        for (place, digit) in digits.enumerated() {
            guard let value = Hexadecimal.value(digit) else { return nil }
            switch place {
            case ..<16: high = high << 4 | UInt64(value)
            case ..<32: middle = middle << 4 | UInt64(value)
            default: low = low << 4 | UInt32(value)
            }
        }
        (self.high, self.middle, self.low) = (high, middle, low)
    }

    /// The twenty bytes of the id.
    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.byteCount)
        withUnsafeBytes(of: high.bigEndian) { bytes.append(contentsOf: $0) }
        withUnsafeBytes(of: middle.bigEndian) { bytes.append(contentsOf: $0) }
        withUnsafeBytes(of: low.bigEndian) { bytes.append(contentsOf: $0) }
        return bytes
    }

    var raw: git_oid {
        var raw = git_oid()
        withUnsafeMutableBytes(of: &raw) { $0.copyBytes(from: bytes) }
        return raw
    }
}

extension ObjectID: CustomStringConvertible {
    /// Forty digits of base 16.
    package var description: String {
        var text = ""
        text.reserveCapacity(2 * Self.byteCount)
        for byte in bytes {
            text.unicodeScalars.append(Hexadecimal.digit(byte >> 4))
            text.unicodeScalars.append(Hexadecimal.digit(byte & 15))
        }
        return text
    }
}

/// Digits of base 16, small or capital when read, small when written.
enum Hexadecimal {
    static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    static func digit(_ value: UInt8) -> Unicode.Scalar {
        Unicode.Scalar(value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10)
    }
}
