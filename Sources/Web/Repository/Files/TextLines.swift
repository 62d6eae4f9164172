/// The lines of a text file, each without its end.
struct TextLines: Sendable {
    /// Longer ones are cut where they are shown.
    static let longestBytes = 4_000

    private let bytes: [UInt8]
    /// Where each line begins and ends.
    private let ranges: [Range<Int>]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        var ranges: [Range<Int>] = []
        var start = 0
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
            let hasReturn = end > start && bytes[end - 1] == UInt8(ascii: "\r")
            ranges.append(start..<(hasReturn ? end - 1 : end))
            start = end + 1
        }
        self.ranges = ranges
    }

    var count: Int { ranges.count }

    /// A line as it is shown, and how many bytes of it are not; what is no UTF-8 is replaced.
    subscript(index: Int) -> (text: String, hiddenBytes: Int) {
        let range = ranges[index]
        let hidden = max(0, range.count - Self.longestBytes)
        return (String(decoding: bytes[range.lowerBound..<range.upperBound - hidden], as: UTF8.self), hidden)
    }

    /// Security: whether it has characters that let text be read in another order than it is run (CVE-2021-42574).
    var hasDirectionMarks: Bool {
        var place = 0
        while let found = bytes[place...].firstIndex(of: 0xE2), found + 2 < bytes.count {
            let (middle, last) = (bytes[found + 1], bytes[found + 2])
            if middle == 0x80, (0xAA...0xAE).contains(last) { return true }
            if middle == 0x81, (0xA6...0xA9).contains(last) { return true }
            place = found + 1
        }
        return false
    }

    /// Whether bytes are no text: as git has it, for a NUL near their beginning.
    static func isBinary(_ bytes: [UInt8]) -> Bool { bytes.prefix(8_000).contains(0) }
}
