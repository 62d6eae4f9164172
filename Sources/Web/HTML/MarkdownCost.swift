/// About how much work a Markdown text makes for the library that reads it, found by one walk over its bytes.
///
/// Security: texts are anybody's, and the library takes time in the square of what some of them hold: containers within each
/// other and the lines below them, beginnings that nothing ends, cells of tables, definitions that are used again and again.
/// Each sum here is of what one of its loops does. They err on the side of too much, and what people write has a
/// hundredth of what is allowed.
///
/// - Source: cmark-gfm 0.29.0.gfm.6, measured; CVE-2023-22483, -22484, -22486, -24824, -26485 and -37463 are among them.
struct MarkdownCost {
    /// How much of what is allowed it takes, of that which it takes most of; more than 1 is too much.
    let share: Double

    init(_ text: String) {
        var reader = Reader(bytes: Array(text.utf8))
        guard reader.bytes.count <= Reader.mostBytes else {
            share = .infinity
            return
        }
        reader.read()
        share = reader.share
    }

    /// A run of lines without a blank one: nothing but containers goes on beyond it.
    private struct Stretch {
        var bytes = 0
        var lines = 0
        /// `<?` and `<!`: the library looks for the end of each in all that follows.
        var declarations = 0
        /// `![`, which stay open when a link is closed.
        var pictures = 0
        var closingBrackets = 0
        /// How many columns the widest line has that may stand below the heads of a table.
        var columns = 0
        /// The bytes of the line before, where it is a whole definition.
        var definitionBytes = 0
        /// The bytes since a definition began that may go on.
        var openBytes: Int?
    }

    /// What was found in a line beside its containers.
    private struct Line {
        let range: Range<Int>
        /// Where it begins behind the marks of its containers.
        let content: Int
        var pipes = 0
        var mayDefine = false
    }

    /// Goes through the bytes line by line.
    private struct Reader {
        static let mostBytes = 256 << 10
        /// So many containers are within each other at the most.
        private static let mostDepth = 64
        /// What a line costs in each container beside its bytes.
        private static let lineBytes = 16

        let bytes: [UInt8]
        private var depth = 0
        private var deepest = 0
        private var isBehindBlank = true
        private var stretch = Stretch()
        /// The longest definition of a reference, and how often one may be used.
        private var (longestDefinition, uses) = (0, 0)
        private var nested = 0
        private var scanned = 0
        private var openPictures = 0
        private var (heads, headLines) = (0, 0)
        private var cells = 0
        private var rowCells = 0
        private var (parentheses, notes, signs) = (0, 0, 0)

        init(bytes: [UInt8]) { self.bytes = bytes }

        /// Each sum by what of it takes about a tenth of a second.
        var share: Double {
            let sums: [(Int, Int)] = [
                (bytes.count, Self.mostBytes), (deepest, Self.mostDepth), (nested, 8_000_000),
                (scanned, 100_000_000), (openPictures, 30_000_000), (heads, 4_000_000),
                (headLines, 500_000_000), (cells, 100_000), (rowCells, 20_000_000),
                (parentheses, 200_000_000), (notes, 5_000), (signs, 10_000),
                (longestDefinition * uses, 8_000_000),
            ]
            return sums.map { Double($0) / Double($1) }.max() ?? 0
        }

        mutating func read() {
            var start = 0
            while start < bytes.count {
                var end = start
                while end < bytes.count, bytes[end] != 0x0A, bytes[end] != 0x0D { end += 1 }
                read(start..<end)
                let isPair = end + 1 < bytes.count && bytes[end] == 0x0D && bytes[end + 1] == 0x0A
                start = end + (isPair ? 2 : 1)
            }
            endStretch()
        }

        private mutating func read(_ range: Range<Int>) {
            guard range.contains(where: { !isSpace(bytes[$0]) }) else {
                nested += (range.count + Self.lineBytes) * depth
                isBehindBlank = true
                return endStretch()
            }
            var line = Line(range: range, content: takeContainers(range))
            nested += (range.count + Self.lineBytes) * depth
            isBehindBlank = false
            count(&line)
            takeDefinition(line)
            takeTable(line)
            stretch.bytes += range.count + 1
            stretch.lines += 1
        }

        private mutating func endStretch() {
            scanned += stretch.declarations * stretch.bytes
            openPictures += stretch.pictures * stretch.closingBrackets
            longestDefinition = max(longestDefinition, stretch.definitionBytes, stretch.openBytes ?? 0)
            stretch = Stretch()
        }

        // MARK: Containers

        /// Finds how many containers a line may be in.
        ///
        /// A line that begins no container may go on with the paragraph before it, however deep that is.
        ///
        /// - Returns: Where the line begins behind their marks.
        private mutating func takeContainers(_ line: Range<Int>) -> Int {
            if isRule(line) { return line.lowerBound }
            var (at, columns, columnsHere, marks) = (line.lowerBound, 0, 0, 0)
            // Whether the first mark that is no quotation's ends what was open, as it can within a paragraph, too.
            var isFresh: Bool?
            while at < line.upperBound {
                if isSpace(bytes[at]) {
                    let width = bytes[at] == 0x09 ? 4 : 1
                    (columns, columnsHere, at) = (columns + width, columnsHere + width, at + 1)
                    continue
                }
                guard let end = mark(at, line.upperBound) else { break }
                if bytes[at] != UInt8(ascii: ">"), isFresh == nil {
                    let isFirst = end - at == 1 || bytes[at] == UInt8(ascii: "1") && end - at == 2
                    let hasText = (end..<line.upperBound).contains { !isSpace(bytes[$0]) }
                    isFresh = isFirst && hasText && columnsHere <= 3
                }
                (at, columnsHere, marks) = (end, 0, marks + 1)
            }
            if marks > 0 {
                let now = min(depth, columns / 2) + marks
                depth = isFresh == true ? now : max(depth, now)
            } else if isBehindBlank, columns < 2 {
                depth = 0
            }
            deepest = max(deepest, depth)
            return at
        }

        /// Where the mark of a container ends that begins here: of a quotation, of an element of a list, of a footnote.
        private func mark(_ start: Int, _ end: Int) -> Int? {
            func isEnd(_ at: Int) -> Bool { at == end || isSpace(bytes[at]) }
            switch bytes[start] {
            case UInt8(ascii: ">"): return start + 1
            case UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "*"):
                return isEnd(start + 1) ? start + 1 : nil
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                var at = start
                while at < end, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[at]) { at += 1 }
                guard at - start <= 9, at < end,
                    bytes[at] == UInt8(ascii: ".") || bytes[at] == UInt8(ascii: ")")
                else { return nil }
                return isEnd(at + 1) ? at + 1 : nil
            case UInt8(ascii: "["):
                guard start + 1 < end, bytes[start + 1] == UInt8(ascii: "^") else { return nil }
                var at = start + 2
                while at < end, bytes[at] != UInt8(ascii: "]"), !isSpace(bytes[at]) { at += 1 }
                guard at + 1 < end, bytes[at] == UInt8(ascii: "]"), bytes[at + 1] == UInt8(ascii: ":") else {
                    return nil
                }
                return at + 2
            default: return nil
            }
        }

        /// Whether a line is a rule such as `* * *`, which looks like lists within each other.
        private func isRule(_ line: Range<Int>) -> Bool {
            guard let first = line.first(where: { !isSpace(bytes[$0]) }),
                [UInt8(ascii: "-"), UInt8(ascii: "*"), UInt8(ascii: "_")].contains(bytes[first])
            else { return false }
            var count = 0
            for at in first..<line.upperBound where !isSpace(bytes[at]) {
                guard bytes[at] == bytes[first] else { return false }
                count += 1
            }
            return count >= 3
        }

        // MARK: What stands in a line

        private mutating func count(_ line: inout Line) {
            var (wordStart, closings) = (line.range.lowerBound, 0)
            var before: UInt8 = 0
            for at in line.range {
                let byte = bytes[at]
                switch byte {
                case UInt8(ascii: "|"): line.pipes += 1
                case UInt8(ascii: "@"): signs += 1
                case UInt8(ascii: "^") where before == UInt8(ascii: "["): notes += 1
                case UInt8(ascii: "?") where before == UInt8(ascii: "<"): stretch.declarations += 1
                case UInt8(ascii: "!") where before == UInt8(ascii: "<"): stretch.declarations += 1
                case UInt8(ascii: "[") where before == UInt8(ascii: "!"): stretch.pictures += 1
                case UInt8(ascii: "]"):
                    stretch.closingBrackets += 1
                    if !isBeforeAddress(at, line.range.upperBound) { uses += 1 }
                case UInt8(ascii: ":") where before == UInt8(ascii: "]"): line.mayDefine = true
                case UInt8(ascii: ")"): closings += 1
                case 0x20, 0x09:
                    parentheses += closings * (at - wordStart)
                    (wordStart, closings) = (at + 1, 0)
                default: break
                }
                before = byte
            }
            parentheses += closings * (line.range.upperBound - wordStart)
        }

        /// Whether a bracket is that of a link with its address, which needs no definition.
        private func isBeforeAddress(_ bracket: Int, _ end: Int) -> Bool {
            var at = bracket + 1
            guard at < end, bytes[at] == UInt8(ascii: "(") else { return false }
            at += 1
            while at < end {
                switch bytes[at] {
                case UInt8(ascii: ")"): return true
                case 0x00...0x20, UInt8(ascii: "("), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\\"):
                    return false
                default: at += 1
                }
            }
            return false
        }

        /// A definition whose end is not certain may go on to the end of the stretch.
        private mutating func takeDefinition(_ line: Line) {
            let size = line.range.count + 1
            if let open = stretch.openBytes {
                stretch.openBytes = open + size
                return
            }
            let first = line.range.first { !isSpace(bytes[$0]) }.map { bytes[$0] }
            if stretch.definitionBytes > 0, first.map(isQuote) == true {
                stretch.openBytes = stretch.definitionBytes + size
                return
            }
            longestDefinition = max(longestDefinition, stretch.definitionBytes)
            stretch.definitionBytes = 0
            guard line.mayDefine else { return }
            switch definition(line.range) {
            case .whole: stretch.definitionBytes = size
            case .open: stretch.openBytes = size
            case .none: break
            }
        }

        /// What a line is that begins as a definition does.
        private enum Definition {
            case whole
            /// The lines below may make it one.
            case open
            /// Whatever follows, as with the lines of a log: `[INFO]: loading data`.
            case none
        }

        /// What a line is as a definition: `[label]: address "title"`.
        private func definition(_ line: Range<Int>) -> Definition {
            let end = line.upperBound
            var at = line.lowerBound
            func skip(while isSkipped: (UInt8) -> Bool) {
                while at < end, isSkipped(bytes[at]) { at += 1 }
            }
            skip(while: isSpace)
            guard at < end, bytes[at] == UInt8(ascii: "[") else { return .open }
            at += 1
            skip { $0 != UInt8(ascii: "[") && $0 != UInt8(ascii: "]") }
            guard at + 1 < end, bytes[at] == UInt8(ascii: "]"), bytes[at + 1] == UInt8(ascii: ":") else {
                return .open
            }
            at += 2
            skip(while: isSpace)
            guard at < end, bytes[at] != UInt8(ascii: "<"), !isQuote(bytes[at]) else { return .open }
            skip { !isSpace($0) }
            skip(while: isSpace)
            guard at < end else { return .whole }
            guard isQuote(bytes[at]) else { return .none }
            let closing = bytes[at] == UInt8(ascii: "(") ? UInt8(ascii: ")") : bytes[at]
            at += 1
            skip { $0 != closing && $0 != UInt8(ascii: "\\") }
            guard at < end, bytes[at] == closing else { return .open }
            at += 1
            skip(while: isSpace)
            return at == end ? .whole : .none
        }

        /// The line below the heads of a table is looked for in all that stands before it; the rows have as many cells as it.
        private mutating func takeTable(_ line: Line) {
            rowCells += line.pipes * line.pipes
            guard isBelowHeads(line) else {
                cells += stretch.columns
                return
            }
            heads += stretch.bytes
            headLines += stretch.bytes * stretch.lines
            stretch.columns = max(stretch.columns, line.pipes + 1)
        }

        private func isBelowHeads(_ line: Line) -> Bool {
            var (hasDash, hasMark) = (false, false)
            for at in line.content..<line.range.upperBound {
                switch bytes[at] {
                case UInt8(ascii: "-"): hasDash = true
                case UInt8(ascii: "|"), UInt8(ascii: ":"): hasMark = true
                case 0x20, 0x09, 0x0B, 0x0C: break
                default: return false
                }
            }
            return hasDash && hasMark
        }

        private func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

        private func isQuote(_ byte: UInt8) -> Bool {
            byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") || byte == UInt8(ascii: "(")
        }
    }
}

/// How much Markdown one page lays out; what comes after that is shown as it is written.
///
/// Security: a page has as many texts as somebody stored.
final class MarkdownBudget {
    private var left: Double

    /// - Parameter texts: How many of the costliest texts there are at the most.
    init(texts: Double = 2) { left = texts }

    /// Whether a text may be laid out, which then counts.
    func take(_ cost: MarkdownCost) -> Bool {
        guard cost.share <= min(1, left) else { return false }
        left -= cost.share
        return true
    }
}
