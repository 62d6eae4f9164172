/// What differs between two notebooks, cell by cell.
struct NotebookDiff {
    let old: Notebook
    let new: Notebook

    /// More lines of one cell are not shown.
    private static let mostLines = 2_000
    private let texts = MarkdownBudget()

    func html(within budget: DiffBudget) -> HTML {
        let cells = Alignment.steps(old.cells, new.cells, within: budget).map { step($0, within: budget) }
        let hidden = max(old.hiddenCells, new.hiddenCells)
        return """
            \(budget.isSpent
                ? "<p class=\"note warn\">So much differs that not everything that stayed the same was looked for.</p>" : nil)
            <div class="notebook notebook-diff">\(cells)</div>
            \(hidden == 0 ? nil : "<p class=\"note\">Only the first cells were compared, not the last \(hidden).</p>")
            """
    }

    private func step(_ step: Alignment.Step, within budget: DiffBudget) -> HTML {
        switch step {
        case .same(_, let place):
            let source = new.cells[place].source
            let first = source.split(separator: "\n", maxSplits: 1).first.map(String.init) ?? "(empty)"
            return """
                <details class="cell same"><summary>Cell \(place + 1), the same: <code>\(first.prefix(80))</code></summary>
                <pre class="cell-source"><code>\(source)</code></pre></details>
                """
        case .changed(let removed, let added):
            let pairs = (0..<max(removed.count, added.count)).map { place in
                (
                    old: place < removed.count ? removed.lowerBound + place : nil,
                    new: place < added.count ? added.lowerBound + place : nil
                )
            }
            return pairs.map { pair($0.old, $0.new, within: budget) }.joined()
        }
    }

    private func pair(_ oldPlace: Int?, _ newPlace: Int?, within budget: DiffBudget) -> HTML {
        let oldCell = oldPlace.map { old.cells[$0] }
        let newCell = newPlace.map { new.cells[$0] }
        let number = (newPlace ?? oldPlace ?? 0) + 1
        let word = oldCell == nil ? "added" : newCell == nil ? "removed" : "changed"
        return """
            <section class="cell \(word)"><p class="cell-title"><span class="badge \(word == "added" ? "good" : word == "removed" ? "bad" : "accent")">\(word)</span>
            \((newCell ?? oldCell)?.kind.rawValue ?? "") cell \(number)</p>
            \(Self.sources(oldCell?.source ?? "", newCell?.source ?? "", within: budget))
            \(outputs(oldCell, newCell))</section>
            """
    }

    /// The lines of both, what went above what came.
    private static func sources(_ old: String, _ new: String, within budget: DiffBudget) -> HTML {
        let (oldLines, newLines) = (lines(of: old), lines(of: new))
        let (oldShown, newShown) = (
            Array(oldLines.prefix(mostLines)), Array(newLines.prefix(mostLines))
        )
        let rows = Alignment.steps(oldShown, newShown, within: budget).map { step -> HTML in
            switch step {
            case .same(_, let place): return row("", HTML(newShown[place]))
            case .changed(let removed, let added):
                let words = zip(removed, added).map {
                    WordDiff(oldShown[$0], newShown[$1], within: budget)
                }
                let gone = removed.enumerated().map { place, line in
                    let marked = words.indices.contains(place) ? words[place]?.old.html : nil
                    return row("del", marked ?? HTML(oldShown[line]))
                }
                let come = added.enumerated().map { place, line in
                    let marked = words.indices.contains(place) ? words[place]?.new.html : nil
                    return row("add", marked ?? HTML(newShown[line]))
                }
                return (gone + come).joined()
            }
        }
        let hidden = max(oldLines.count - oldShown.count, newLines.count - newShown.count)
        return """
            <div class="scroll" tabindex="0" role="region" aria-label="Source"><table class="code diff"><tbody>\(rows)</tbody></table></div>
            \(hidden == 0 ? nil : "<p class=\"quiet small\">… and \(hidden) more</p>")
            """
    }

    private static func lines(of text: String) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    private static func row(_ word: String, _ text: HTML) -> HTML {
        "<tr class=\"\(word)\"><td class=\"line-text\">\(text)</td></tr>\n"
    }

    private func outputs(_ old: Notebook.Cell?, _ new: Notebook.Cell?) -> HTML? {
        let (before, after) = (old?.outputs ?? [], new?.outputs ?? [])
        guard before != after else {
            return before.isEmpty ? nil : "<p class=\"quiet small\">Its output is the same.</p>"
        }
        return """
            <div class="output-pair"><div><p class="quiet small">Output before</p>\(before.map { NotebookView.shown($0, within: texts) })</div>
            <div><p class="quiet small">Output now</p>\(after.map { NotebookView.shown($0, within: texts) })</div></div>
            """
    }
}
