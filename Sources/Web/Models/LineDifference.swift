/// What became of the lines of a text.
struct LineDifference: Sendable {
    enum Line: Sendable, Hashable {
        case same(String), removed(String), added(String)
    }

    let lines: [Line]
    /// Whether all lines that stayed were looked for; where too much differs, only those at the beginning and the end.
    private let isWhole: Bool

    init(from old: String, to new: String) {
        let (before, after) = (Self.lines(of: old), Self.lines(of: new))
        let budget = DiffBudget()
        lines = Alignment.steps(before, after, within: budget).flatMap { step -> [Line] in
            switch step {
            case .same(_, let place): [.same(after[place])]
            case .changed(let old, let new):
                old.map { .removed(before[$0]) } + new.map { .added(after[$0]) }
            }
        }
        isWhole = !budget.isSpent
    }

    var hasChanges: Bool {
        lines.contains { if case .same = $0 { false } else { true } }
    }

    private static func lines(of text: String) -> [String] {
        text.isEmpty
            ? [] : text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(String.init)
    }

    var html: HTML {
        """
        \(isWhole ? nil : "<p class=\"note warn\">So much differs that not every line that stayed the same was looked for.</p>")
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
