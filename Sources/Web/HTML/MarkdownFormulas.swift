/// The formulas in a Markdown text, taken out before the library reads it: to it, `\{`, `_` and `*` within them are its own.
///
/// As GitHub has it: `$…$` within a line of text, with no space inside the marks and no digit behind them, and `$$…$$`;
/// neither within code.
struct MarkdownFormulas {
    private struct Formula {
        /// As it is written, with its marks.
        let source: String
        let isDisplayed: Bool

        var inner: Substring { source.dropFirst(isDisplayed ? 2 : 1).dropLast(isDisplayed ? 2 : 1) }
    }

    /// Stand around the number of a formula; a text that has them itself is left alone.
    private static let (opening, closing): (Unicode.Scalar, Unicode.Scalar) = ("\u{E000}", "\u{E001}")
    private static let mostBytes = 4_000

    /// The text with a mark in the place of each formula.
    let text: String
    private let formulas: [Formula]

    init(_ source: String) {
        guard source.utf8.contains(UInt8(ascii: "$")),
            !source.unicodeScalars.contains(where: { $0 == Self.opening || $0 == Self.closing }),
            !Self.names(source)
        else {
            (text, formulas) = (source, [])
            return
        }
        var reader = Reader(bytes: Array(source.utf8))
        reader.read()
        (text, formulas) = (String(decoding: reader.output, as: UTF8.self), reader.formulas)
    }

    /// Whether a text names the marks by their numbers, as in `&#xE000;`, which the library would make of it.
    private static func names(_ source: String) -> Bool {
        let bytes = Array(source.utf8)
        for at in bytes.indices.dropLast(2)
        where bytes[at] == UInt8(ascii: "&") && bytes[at + 1] == UInt8(ascii: "#") {
            let name = bytes[(at + 2)...].prefix(10).prefix { $0 != UInt8(ascii: ";") }
            let word = String(decoding: name, as: UTF8.self).lowercased()
            let number = word.first == "x" ? UInt32(word.dropFirst(), radix: 16) : UInt32(word)
            if number == opening.value || number == closing.value { return true }
        }
        return false
    }

    /// A text with its formulas back as they were written.
    func restored(in text: String) -> String {
        replacing(in: text) { formula, _ in formula.source }
    }

    /// The markup with elements for the formulas in its text; those in tags and in code are put back as they were written.
    func marked(in markup: String) -> String {
        replacing(in: markup) { formula, isText in
            guard isText else { return HTML(formula.source).text }
            let html: HTML =
                "<span class=\"math\(formula.isDisplayed ? " display" : "")\">\(formula.inner)</span>"
            return html.text
        }
    }

    /// In bytes: a view of scalars grows by what is added to it, which for many formulas takes the square of their number.
    private func replacing(in text: String, by replacement: (Formula, _ isText: Bool) -> String) -> String {
        guard !formulas.isEmpty else { return text }
        let bytes = Array(text.utf8)
        let opening = Array(String(Self.opening).utf8)
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var at = 0
        var (isInTag, tag, codes) = (false, "", 0)
        while at < bytes.count {
            switch bytes[at] {
            case UInt8(ascii: "<"):
                (isInTag, tag) = (true, "")
            case UInt8(ascii: ">") where isInTag:
                isInTag = false
                if tag == "code" || tag.hasPrefix("code ") { codes += 1 }
                if tag == "/code" { codes -= 1 }
            case opening[0] where bytes[at...].starts(with: opening):
                let number = bytes[(at + opening.count)...].prefix { (0x30...0x39).contains($0) }
                // The mark behind it is as long as that before it.
                at += number.count + 2 * opening.count
                guard let place = Int(String(decoding: number, as: UTF8.self)),
                    formulas.indices.contains(place)
                else { continue }
                result += replacement(formulas[place], !isInTag && codes == 0).utf8
                continue
            default:
                if isInTag, tag.utf8.count < 8 { tag.unicodeScalars.append(Unicode.Scalar(bytes[at])) }
            }
            result.append(bytes[at])
            at += 1
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// Goes through the bytes once; what is code is passed over.
    private struct Reader {
        let bytes: [UInt8]
        var output: [UInt8] = []
        var formulas: [Formula] = []
        private var place = 0
        /// Where the last run of so many backticks begins: what has none behind it need not be looked for.
        private var lastRuns: [Int: Int] = [:]

        init(bytes: [UInt8]) {
            self.bytes = bytes
            var at = 0
            while let start = bytes[at...].firstIndex(of: UInt8(ascii: "`")) {
                let count = run(of: UInt8(ascii: "`"), at: start)
                lastRuns[count] = start
                at = start + count
            }
        }

        mutating func read() {
            output.reserveCapacity(bytes.count)
            while place < bytes.count {
                switch bytes[place] {
                case UInt8(ascii: "\\"): take(2)
                case UInt8(ascii: "`"): takeCode(UInt8(ascii: "`"))
                case UInt8(ascii: "~") where isLineStart && run(of: UInt8(ascii: "~"), at: place) >= 3:
                    takeCode(UInt8(ascii: "~"))
                case UInt8(ascii: "$"): takeFormula()
                default: take(1)
                }
            }
        }

        private var isLineStart: Bool { place == 0 || bytes[place - 1] == UInt8(ascii: "\n") }

        private mutating func take(_ count: Int) {
            let end = min(place + count, bytes.count)
            output += bytes[place..<end]
            place = end
        }

        private func run(of byte: UInt8, at start: Int) -> Int {
            var end = start
            while end < bytes.count, bytes[end] == byte { end += 1 }
            return end - start
        }

        /// Code goes on to as many of its marks as it began with; where there are none it is none, unless it is a block.
        private mutating func takeCode(_ mark: UInt8) {
            let count = run(of: mark, at: place)
            let isBlock = count >= 3 && isLineStart
            guard isBlock || lastRuns[count, default: 0] > place else { return take(count) }
            var end = place + count
            while end < bytes.count {
                guard bytes[end] == mark else {
                    end += 1
                    continue
                }
                let closing = run(of: mark, at: end)
                end += closing
                if closing == count || isBlock && closing > count { return take(end - place) }
            }
            take(isBlock ? bytes.count - place : count)
        }

        private mutating func takeFormula() {
            let marks = isDollar(place + 1) ? 2 : 1
            guard let end = end(of: marks) else { return take(marks) }
            let source = String(decoding: bytes[place..<end], as: UTF8.self)
            output += "\(MarkdownFormulas.opening)\(formulas.count)\(MarkdownFormulas.closing)".utf8
            formulas.append(Formula(source: source, isDisplayed: marks == 2))
            place = end
        }

        /// Where the formula that begins here ends, behind its marks; nil where it is none.
        private func end(of marks: Int) -> Int? {
            let start = place + marks
            guard start < bytes.count, marks == 2 || !isSpace(bytes[start]) else { return nil }
            var at = start
            while at < bytes.count, at - start <= MarkdownFormulas.mostBytes {
                switch bytes[at] {
                case UInt8(ascii: "\\"): at += 2
                case UInt8(ascii: "\n") where isBlankLine(after: at): return nil
                case UInt8(ascii: "$"):
                    guard at > start else { return nil }
                    if marks == 2 { return isDollar(at + 1) ? at + 2 : nil }
                    let next = at + 1 < bytes.count ? bytes[at + 1] : UInt8(ascii: " ")
                    let isClosing =
                        next != UInt8(ascii: "$") && !isSpace(bytes[at - 1])
                        && !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(next)
                    return isClosing ? at + 1 : nil
                default: at += 1
                }
            }
            return nil
        }

        /// Of a long run of them no more is looked at.
        private func isDollar(_ at: Int) -> Bool { at < bytes.count && bytes[at] == UInt8(ascii: "$") }

        private func isSpace(_ byte: UInt8) -> Bool {
            byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
        }

        /// A formula ends with its paragraph at the latest.
        private func isBlankLine(after end: Int) -> Bool {
            var at = end + 1
            while at < bytes.count, bytes[at] == 0x20 || bytes[at] == 0x09 || bytes[at] == 0x0D { at += 1 }
            return at >= bytes.count || bytes[at] == UInt8(ascii: "\n")
        }
    }
}
