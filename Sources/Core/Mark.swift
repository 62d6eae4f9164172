/// A short word for a list of texts: the same for the same texts in the same order, and for hardly any others.
package struct Mark {
    private var hash: UInt64 = 0xcbf2_9ce4_8422_2325

    package init() {}

    /// Mixes a part in by FNV-1a, closed so that two parts are never the same as one.
    package mutating func add(_ part: String) {
        for byte in part.utf8 { mix(byte) }
        mix(0xff)
    }

    private mutating func mix(_ byte: UInt8) {
        hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
    }

    package var text: String { String(hash, radix: 36) }
}
