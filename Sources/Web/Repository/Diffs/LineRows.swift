import Repositories

/// The lines of a hunk in groups: those that stay, and what went with what came in its place.
enum LineGroup: Sendable {
    case context(Hunk.Line)
    case change(old: [MarkedLine], new: [MarkedLine])

    static func groups(of lines: [Hunk.Line], within budget: DiffBudget) -> [LineGroup] {
        var groups: [LineGroup] = []
        var (old, new): ([Hunk.Line], [Hunk.Line]) = ([], [])
        func close() {
            guard !old.isEmpty || !new.isEmpty else { return }
            let pairs = zip(old, new).map { WordDiff($0.text, $1.text, within: budget) }
            groups.append(
                .change(
                    old: old.enumerated().map {
                        MarkedLine($1, pairs.indices.contains($0) ? pairs[$0]?.old : nil)
                    },
                    new: new.enumerated().map {
                        MarkedLine($1, pairs.indices.contains($0) ? pairs[$0]?.new : nil)
                    }
                )
            )
            (old, new) = ([], [])
        }
        for line in lines {
            switch line.kind {
            case .context:
                close()
                groups.append(.context(line))
            case .deletion:
                if !new.isEmpty { close() }
                old.append(line)
            case .addition: new.append(line)
            }
        }
        close()
        return groups
    }
}

/// A line that differs, with the words of it that do.
struct MarkedLine: Sendable {
    let line: Hunk.Line
    private let pieces: [WordDiff.Piece]?

    init(_ line: Hunk.Line, _ pieces: [WordDiff.Piece]?) {
        self.line = line
        self.pieces = pieces
    }

    var html: HTML { (pieces?.html ?? LineText(line.text).html) + LineText.end(of: line) }
}

/// The text of a line, cut where it is too long to be read.
struct LineText {
    let html: HTML

    init(_ text: String) {
        let hidden = max(0, text.utf8.count - TextLines.longestBytes)
        html =
            hidden == 0
            ? HTML(text)
            : "\(String(decoding: text.utf8.prefix(TextLines.longestBytes), as: UTF8.self))<span class=\"cut\">… \(hidden) bytes more</span>"
    }

    static func end(of line: Hunk.Line) -> HTML {
        line.lacksLineBreak
            ? "<span class=\"cut\" title=\"No line break at the end of the file\">⏎ missing</span>" : .empty
    }
}

/// How lines that differ stand: below each other, or side by side.
enum DiffLayout: String, Sendable {
    case unified, split

    var columnCount: Int { self == .unified ? 3 : 4 }

    func rows(of hunk: Hunk, within budget: DiffBudget) -> HTML {
        LineGroup.groups(of: hunk.lines, within: budget)
            .map { self == .unified ? Self.unified($0) : Self.split($0) }.joined()
    }

    /// A line that is the same on both sides.
    func context(_ text: HTML, old: Int, new: Int) -> HTML {
        switch self {
        case .unified: "<tr>\(Self.number(old))\(Self.number(new))<td class=\"line-text\">\(text)</td></tr>\n"
        case .split:
            "<tr>\(Self.number(old))<td class=\"line-text\">\(text)</td>\(Self.number(new))<td class=\"line-text\">\(text)</td></tr>\n"
        }
    }

    private static func unified(_ group: LineGroup) -> HTML {
        switch group {
        case .context(let line): return context(line, in: .unified)
        case .change(let old, let new):
            let gone = old.map { line in
                "<tr class=\"del\">\(number(line.line.oldNumber))\(number(nil))<td class=\"line-text\">\(line.html)</td></tr>\n"
                    as HTML
            }
            let come = new.map { line in
                "<tr class=\"add\">\(number(nil))\(number(line.line.newNumber))<td class=\"line-text\">\(line.html)</td></tr>\n"
                    as HTML
            }
            return (gone + come).joined()
        }
    }

    private static func split(_ group: LineGroup) -> HTML {
        switch group {
        case .context(let line): return context(line, in: .split)
        case .change(let old, let new):
            return (0..<max(old.count, new.count)).map { place in
                "<tr>\(side(old, place, \.oldNumber, "del"))\(side(new, place, \.newNumber, "add"))</tr>\n"
                    as HTML
            }.joined()
        }
    }

    private static func context(_ line: Hunk.Line, in layout: DiffLayout) -> HTML {
        layout.context(
            LineText(line.text).html + LineText.end(of: line),
            old: line.oldNumber ?? 0,
            new: line.newNumber ?? 0
        )
    }

    private static func side(
        _ lines: [MarkedLine],
        _ place: Int,
        _ number: KeyPath<Hunk.Line, Int?>,
        _ word: String
    ) -> HTML {
        guard lines.indices.contains(place) else {
            return "<td class=\"line-number none\"></td><td class=\"line-text none\"></td>"
        }
        let line = lines[place]
        return """
            <td class="line-number \(word)" data-number="\(line.line[keyPath: number] ?? 0)"></td>\
            <td class="line-text \(word)">\(line.html)</td>
            """
    }

    private static func number(_ number: Int?) -> HTML {
        number.map { "<td class=\"line-number\" data-number=\"\($0)\"></td>" as HTML }
            ?? "<td class=\"line-number\"></td>"
    }
}
