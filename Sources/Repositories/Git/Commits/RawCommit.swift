/// The text of a commit, taken apart: headers, an empty line, the message.
struct RawCommit {
    private(set) var tree: ObjectID?
    private(set) var parents: [ObjectID] = []
    private(set) var author: Range<Int>?
    private(set) var committer: Range<Int>?
    private(set) var encoding: String?
    private(set) var isSigned = false
    private(set) var message: Range<Int>

    init(_ bytes: UnsafeRawBufferPointer) {
        message = bytes.count..<bytes.count
        var start = 0
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
            if end == start {
                message = min(end + 1, bytes.count)..<bytes.count
                break
            }
            header(start..<end, in: bytes)
            start = end + 1
        }
    }

    private mutating func header(_ line: Range<Int>, in bytes: UnsafeRawBufferPointer) {
        if let value = value("tree ", line, bytes) {
            tree = ObjectID(digits: bytes[value])
        } else if let value = value("parent ", line, bytes) {
            ObjectID(digits: bytes[value]).map { parents.append($0) }
        } else if let value = value("author ", line, bytes) {
            author = value
        } else if let value = value("committer ", line, bytes) {
            committer = value
        } else if let value = value("encoding ", line, bytes) {
            encoding = String(decoding: bytes[value], as: UTF8.self)
        } else if value("gpgsig", line, bytes) != nil {
            isSigned = true
        }
    }

    private func value(
        _ key: StaticString,
        _ line: Range<Int>,
        _ bytes: UnsafeRawBufferPointer
    ) -> Range<Int>? {
        let count = key.utf8CodeUnitCount
        guard line.count >= count else { return nil }
        let key = UnsafeBufferPointer(start: key.utf8Start, count: count)
        for index in 0..<count where bytes[line.lowerBound + index] != key[index] { return nil }
        return line.lowerBound + count..<line.upperBound
    }

    /// The text of a range, in the encoding that the commit names; what cannot be read is replaced.
    func text(_ range: Range<Int>, in bytes: UnsafeRawBufferPointer) -> String {
        let isLatin = ["iso-8859-1", "iso8859-1", "latin1", "latin-1"].contains(encoding?.lowercased())
        guard isLatin else { return String(decoding: bytes[range], as: UTF8.self) }
        var text = String.UnicodeScalarView()
        text.append(contentsOf: bytes[range].lazy.map { Unicode.Scalar($0) })
        return String(text)
    }

    /// `Name <address> seconds +hhmm`; what is missing is empty or zero.
    func signature(_ range: Range<Int>?, in bytes: UnsafeRawBufferPointer) -> Signature {
        guard let range else { return Signature(stored: "", email: "", seconds: 0, offsetMinutes: 0) }
        return Signature(line: text(range, in: bytes))
    }

    /// The time at which it was committed, in epoch seconds.
    func committedSeconds(in bytes: UnsafeRawBufferPointer) -> Int64 {
        guard let committer, let end = bytes[committer].lastIndex(of: UInt8(ascii: ">")) else { return 0 }
        var seconds: Int64 = 0
        for byte in bytes[end + 1..<committer.upperBound].drop(while: { $0 == UInt8(ascii: " ") }) {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte), seconds < 1 << 50 else { break }
            seconds = seconds * 10 + Int64(byte - UInt8(ascii: "0"))
        }
        return seconds
    }
}

extension Signature {
    /// - Parameter line: As commits and tags have it.
    init(line: String) {
        guard let open = line.firstIndex(of: "<"), let close = line.lastIndex(of: ">"), open < close else {
            self.init(stored: line, email: "", seconds: 0, offsetMinutes: 0)
            return
        }
        let name = line[..<open]
        let words = line[line.index(after: close)...].split(separator: " ")
        let offset = words.count > 1 ? min(max(Int(words[1]) ?? 0, -9_999), 9_999) : 0
        self.init(
            stored: String(name.hasSuffix(" ") ? name.dropLast() : name),
            email: String(line[line.index(after: open)..<close]),
            // Security: whoever writes a commit chooses its time; what follows counts with it, up to the year 9999.
            seconds: min(max(words.first.flatMap { Int64($0) } ?? 0, 0), 253_402_300_799),
            offsetMinutes: offset / 100 * 60 + offset % 100
        )
    }
}
