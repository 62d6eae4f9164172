/// What became of the lines of a text.
struct LineDifference: Sendable {
    enum Line: Sendable, Hashable {
        case same(String), removed(String), added(String)
    }

    let lines: [Line]

    /// Of longer texts every line counts as another, since finding out costs the product of both.
    private static let mostLines = 1_000

    init(from old: String, to new: String) {
        let before = Self.lines(of: old)
        let after = Self.lines(of: new)
        guard before.count <= Self.mostLines, after.count <= Self.mostLines else {
            lines = before.map(Line.removed) + after.map(Line.added)
            return
        }
        let difference = after.difference(from: before)
        var removed: Set<Int> = []
        var added: Set<Int> = []
        for change in difference {
            switch change {
            case .remove(let offset, _, _): removed.insert(offset)
            case .insert(let offset, _, _): added.insert(offset)
            }
        }
        lines = Self.merged(before, removed, after, added)
    }

    var hasChanges: Bool {
        lines.contains { if case .same = $0 { false } else { true } }
    }

    private static func lines(of text: String) -> [String] {
        text.isEmpty
            ? [] : text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(String.init)
    }

    /// Both texts in one, what was removed before what came in its place.
    private static func merged(
        _ before: [String],
        _ removed: Set<Int>,
        _ after: [String],
        _ added: Set<Int>
    ) -> [Line] {
        var lines: [Line] = []
        var (old, new) = (0, 0)
        while old < before.count || new < after.count {
            if old < before.count, removed.contains(old) {
                lines.append(.removed(before[old]))
                old += 1
            } else if new < after.count, added.contains(new) {
                lines.append(.added(after[new]))
                new += 1
            } else {
                lines.append(.same(before[old]))
                (old, new) = (old + 1, new + 1)
            }
        }
        return lines
    }

    var html: HTML {
        """
        <div class="scroll line-difference" tabindex="0" role="region" aria-label="Difference"><pre>\(lines.map(markup))</pre></div>
        """
    }

    private func markup(_ line: Line) -> HTML {
        switch line {
        case .same(let text): "<span class=\"line\">  \(text)</span>\n"
        case .removed(let text): "<del class=\"line\">− \(text)</del>\n"
        case .added(let text): "<ins class=\"line\">+ \(text)</ins>\n"
        }
    }
}
