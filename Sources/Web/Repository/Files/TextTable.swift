/// A file of values between commas or tabs, taken apart.
///
/// - Source: RFC 4180.
struct TextTable: Sendable {
    static let limitBytes = 4 << 20
    static let mostRows = 1_000
    static let mostColumns = 100
    private static let mostCellBytes = 1_000

    private(set) var rows: [[String]] = []
    /// Whether there is more than is shown.
    private(set) var isCut = false

    /// - Parameters:
    ///   - bytes: The file.
    ///   - separator: What stands between values.
    ///   - mostRows: How many are read.
    init(_ bytes: [UInt8], separator: Character, mostRows: Int = TextTable.mostRows) {
        var reader = Reader(bytes: bytes, separator: separator.asciiValue ?? UInt8(ascii: ","))
        while let row = reader.row() {
            guard rows.count < mostRows else {
                isCut = true
                break
            }
            if row.count > Self.mostColumns { isCut = true }
            rows.append(
                row.prefix(Self.mostColumns).map {
                    String(decoding: $0.prefix(Self.mostCellBytes), as: UTF8.self)
                }
            )
        }
    }

    static func separator(of name: String) -> Character { name.lowercased().hasSuffix(".tsv") ? "\t" : "," }

    /// Whether a value is a number, which is shown at the right.
    static func isNumber(_ value: String) -> Bool { !value.isEmpty && Double(value) != nil }

    var html: HTML {
        guard let head = rows.first else { return "<p class=\"quiet\">The table is empty.</p>" }
        return """
            <div class="scroll table-file" tabindex="0" role="region" aria-label="Table"><table class="list">
            <thead><tr><th scope="col" class="number">Row</th>\(head.map { "<th scope=\"col\">\($0)</th>" as HTML })</tr></thead>
            <tbody>\(rows.dropFirst().enumerated().map { number, row in
                "<tr><td class=\"number quiet\">\(number + 1)</td>\(row.map(Self.cell))</tr>\n" as HTML
            })</tbody></table></div>
            \(isCut ? "<p class=\"quiet\">There is more; the file has all of it.</p>" : nil)
            """
    }

    private static func cell(_ value: String) -> HTML {
        isNumber(value) ? "<td class=\"number\">\(value)</td>" : "<td>\(value)</td>"
    }

    private struct Reader {
        let bytes: [UInt8]
        let separator: UInt8
        var place = 0

        mutating func row() -> [[UInt8]]? {
            guard place < bytes.count else { return nil }
            var row: [[UInt8]] = []
            while true {
                row.append(
                    bytes.indices.contains(place) && bytes[place] == UInt8(ascii: "\"") ? quoted() : plain()
                )
                guard place < bytes.count else { return row }
                let end = bytes[place]
                place += 1
                if end == separator { continue }
                if end == UInt8(ascii: "\r"), place < bytes.count, bytes[place] == UInt8(ascii: "\n") {
                    place += 1
                }
                return row
            }
        }

        private mutating func plain() -> [UInt8] {
            let start = place
            while place < bytes.count, !isEnd(bytes[place]) { place += 1 }
            return Array(bytes[start..<place])
        }

        private mutating func quoted() -> [UInt8] {
            place += 1
            var value: [UInt8] = []
            while place < bytes.count {
                let byte = bytes[place]
                place += 1
                guard byte == UInt8(ascii: "\"") else {
                    value.append(byte)
                    continue
                }
                guard place < bytes.count, bytes[place] == UInt8(ascii: "\"") else { break }
                value.append(byte)
                place += 1
            }
            // What stands between a closing quote and the next separator belongs to the value.
            return value + plain()
        }

        private func isEnd(_ byte: UInt8) -> Bool {
            byte == separator || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
        }
    }
}
