/// The bytes of a file read as text.
struct FileText: Sendable {
    let text: String
    /// Whether the file ends where the text does.
    let isWhole: Bool

    /// Nil for what is no text in UTF-8; a character that the end of the bytes cuts is left out.
    init?(_ bytes: [UInt8], isWhole: Bool) {
        var bytes = bytes[...]
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = bytes.dropFirst(3) }
        if !isWhole { bytes = bytes.dropLast(Self.cutBytes(bytes)) }
        guard !bytes.contains(0), let text = String(validating: bytes, as: UTF8.self) else { return nil }
        self.text = text
        self.isWhole = isWhole
    }

    /// How many bytes at the end belong to a character that is not all there.
    private static func cutBytes(_ bytes: ArraySlice<UInt8>) -> Int {
        for count in 1...3 where count <= bytes.count {
            let byte = bytes[bytes.endIndex - count]
            if byte & 0b1100_0000 == 0b1000_0000 { continue }
            let length = byte < 0x80 ? 1 : byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2
            return length > count ? count : 0
        }
        return 0
    }
}
