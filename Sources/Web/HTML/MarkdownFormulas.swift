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
            !source.unicodeScalars.contains(where: { $0 == Self.opening || $0 == Self.closing })
        else {
            (text, formulas) = (source, [])
            return
        }
        var reader = Reader(bytes: Array(source.utf8))
        reader.read()
        (text, formulas) = (String(decoding: reader.output, as: UTF8.self), reader.formulas)
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

    private func replacing(in text: String, by replacement: (Formula, _ isText: Bool) -> String) -> String {
        guard !formulas.isEmpty else { return text }
        var result = String.UnicodeScalarView()
        var rest = text.unicodeScalars[...]
        var (isInTag, tag, codes) = (false, "", 0)
        while let scalar = rest.popFirst() {
            switch scalar {
            case "<":
                (isInTag, tag) = (true, "")
            case ">" where isInTag:
                isInTag = false
                if tag == "code" || tag.hasPrefix("code ") { codes += 1 }
                if tag == "/code" { codes -= 1 }
            case Self.opening:
                let number = rest.prefix { $0 != Self.closing }
                rest = rest.dropFirst(number.count + 1)
                guard let place = Int(String(number)), formulas.indices.contains(place) else { continue }
                result.append(
                    contentsOf: replacement(formulas[place], !isInTag && codes == 0).unicodeScalars
                )
                continue
            default:
                if isInTag, tag.utf8.count < 8 { tag.unicodeScalars.append(scalar) }
            }
            result.append(scalar)
        }
        return String(result)
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
            let marks = min(run(of: UInt8(ascii: "$"), at: place), 2)
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
                    let found = run(of: UInt8(ascii: "$"), at: at)
                    if marks == 2 { return found >= 2 ? at + 2 : nil }
                    let next = at + 1 < bytes.count ? bytes[at + 1] : UInt8(ascii: " ")
                    let isClosing =
                        found == 1 && !isSpace(bytes[at - 1])
                        && !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(next)
                    return isClosing ? at + 1 : nil
                default: at += 1
                }
            }
            return nil
        }

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
