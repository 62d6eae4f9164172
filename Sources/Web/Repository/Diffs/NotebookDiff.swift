/// What differs between two notebooks, cell by cell.
struct NotebookDiff {
    let old: Notebook
    let new: Notebook

    var html: HTML {
        "<div class=\"notebook notebook-diff\">\(Alignment.steps(old.cells, new.cells).map(step))</div>"
    }

    private func step(_ step: Alignment.Step) -> HTML {
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
            return pairs.map { pair($0.old, $0.new) }.joined()
        }
    }

    private func pair(_ oldPlace: Int?, _ newPlace: Int?) -> HTML {
        let oldCell = oldPlace.map { old.cells[$0] }
        let newCell = newPlace.map { new.cells[$0] }
        let number = (newPlace ?? oldPlace ?? 0) + 1
        let word = oldCell == nil ? "added" : newCell == nil ? "removed" : "changed"
        return """
            <section class="cell \(word)"><p class="cell-title"><span class="badge \(word == "added" ? "good" : word == "removed" ? "bad" : "accent")">\(word)</span>
            \((newCell ?? oldCell)?.kind.rawValue ?? "") cell \(number)</p>
            \(Self.sources(oldCell?.source ?? "", newCell?.source ?? ""))
            \(outputs(oldCell, newCell))</section>
            """
    }

    /// The lines of both, what went above what came.
    static func sources(_ old: String, _ new: String) -> HTML {
        let (oldLines, newLines) = (lines(of: old), lines(of: new))
        let rows = Alignment.steps(oldLines, newLines).map { step -> HTML in
            switch step {
            case .same(_, let place): return row("", HTML(newLines[place]))
            case .changed(let removed, let added):
                let words = zip(removed, added).map { WordDiff(oldLines[$0], newLines[$1]) }
                let gone = removed.enumerated().map { place, line in
                    row(
                        "del",
                        words.indices.contains(place)
                            ? words[place]?.old.html ?? HTML(oldLines[line]) : HTML(oldLines[line])
                    )
                }
                let come = added.enumerated().map { place, line in
                    row(
                        "add",
                        words.indices.contains(place)
                            ? words[place]?.new.html ?? HTML(newLines[line]) : HTML(newLines[line])
                    )
                }
                return (gone + come).joined()
            }
        }
        return
            "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Source\"><table class=\"code diff\"><tbody>\(rows)</tbody></table></div>"
    }

    private static func lines(of text: String) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false).prefix(2_000).map(String.init)
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
            <div class="output-pair"><div><p class="quiet small">Output before</p>\(before.map { NotebookView.shown($0) })</div>
            <div><p class="quiet small">Output now</p>\(after.map { NotebookView.shown($0) })</div></div>
            """
    }
}
