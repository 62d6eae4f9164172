import Repositories

/// The hunks of a file, with what can be seen of the lines between them.
struct TextDiffTable {
    let hunks: [Hunk]
    let layout: DiffLayout
    /// Where the lines of the new file are asked for; nil where there is none.
    let lines: Address?
    let path: TreePath
    /// For the words that differ within lines.
    let budget: DiffBudget

    private static let contextLines = DiffQuery().contextLines

    var html: HTML {
        """
        <div class="scroll" tabindex="0" role="region" aria-label="Differences of \("\(path)")">
        <table class="code diff \(layout.rawValue)" data-lines="\(lines?.text ?? "")" data-layout="\(layout.rawValue)" \
        data-language="\(CodeLanguage.of(path.name))"><tbody>
        \(hunks.enumerated().map { part($1, at: $0) })\(end)</tbody></table></div>
        """
    }

    private func part(_ hunk: Hunk, at place: Int) -> HTML {
        let before = place == 0 ? nil : hunks[place - 1]
        // Where the lines before the first difference, or since the hunk before, begin.
        let new = before.map { $0.newStart + $0.newCount } ?? 1
        let old = before.map { $0.oldStart + $0.oldCount } ?? 1
        let hidden = hunk.newCount == 0 ? 0 : max(0, hunk.newStart - new)
        return """
            <tr class="hunk"><td colspan="\(layout.columnCount)">\(expansion(hidden, old: old, new: new))\
            <span class="quiet mono">@@ −\(hunk.oldStart),\(hunk.oldCount) +\(hunk.newStart),\(hunk.newCount) @@ \(hunk.heading)</span></td></tr>
            \(layout.rows(of: hunk, within: budget))
            """
    }

    private func expansion(_ hidden: Int, old: Int, new: Int) -> HTML? {
        guard lines != nil, hidden > 0 else { return nil }
        return """
            <button type="button" class="button small" data-expand data-old="\(old)" data-new="\(new)" \
            data-count="\(hidden)" hidden>Show \(hidden) \(hidden == 1 ? "line" : "lines")</button>
            """
    }

    private var end: HTML? {
        // Fewer lines behind the last difference than there might be: the file ends there.
        guard lines != nil, let last = hunks.last, last.newCount > 0,
            last.lines.suffix(Self.contextLines).allSatisfy({ $0.kind == .context }),
            last.lines.count > Self.contextLines
        else { return nil }
        let (old, new) = (last.oldStart + last.oldCount, last.newStart + last.newCount)
        return """
            <tr class="hunk end" hidden><td colspan="\(layout.columnCount)"><button type="button" class="button small" \
            data-expand data-old="\(old)" data-new="\(new)" data-count="20">Show what follows</button></td></tr>
            """
    }
}
