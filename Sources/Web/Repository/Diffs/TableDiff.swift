/// What differs between two tables: rows that came or went, and cells that changed.
struct TableDiff {
    private let columns: [Column]
    private let old: [[String]]
    private let new: [[String]]
    private let isCut: Bool

    private static let contextRows = 1

    private struct Column {
        let name: String
        let old: Int?
        let new: Int?
    }

    /// Nil where one of them has no head.
    init?(old: TextTable, new: TextTable) {
        guard let oldHead = old.rows.first, let newHead = new.rows.first else { return nil }
        var taken: Set<Int> = []
        var columns = newHead.enumerated().map { place, name in
            let found = oldHead.indices.first { oldHead[$0] == name && !taken.contains($0) }
            if let found { taken.insert(found) }
            return Column(name: name, old: found, new: place)
        }
        columns += oldHead.indices.filter { !taken.contains($0) }.map {
            Column(name: oldHead[$0], old: $0, new: nil)
        }
        self.columns = columns
        self.old = Array(old.rows.dropFirst())
        self.new = Array(new.rows.dropFirst())
        isCut = old.isCut || new.isCut
    }

    func html(within budget: DiffBudget) -> HTML {
        let rows = rows(within: budget)
        return """
            \(budget.isSpent
                ? "<p class=\"note warn\">So much differs that not every row that stayed the same was looked for.</p>" : nil)
            <div class="scroll table-file" tabindex="0" role="region" aria-label="Differences of the table"><table class="list table-diff">
            <thead><tr><th scope="col" class="number">Row</th>\(columns.map(head))</tr></thead><tbody>\(rows)</tbody></table></div>
            \(isCut
                ? "<p class=\"quiet\">Only the first \(TextTable.mostRows) rows and \(TextTable.mostColumns) columns were compared.</p>"
                : nil)
            """
    }

    private func head(_ column: Column) -> HTML {
        if column.old == nil { return "<th scope=\"col\" class=\"add\">+ \(column.name)</th>" }
        return column.new == nil
            ? "<th scope=\"col\" class=\"del\">− \(column.name)</th>"
            : "<th scope=\"col\">\(column.name)</th>"
    }

    private func rows(within budget: DiffBudget) -> HTML {
        let steps = Alignment.steps(old, new, within: budget)
        let isNear = steps.indices.map { place in
            steps[max(0, place - Self.contextRows)...min(steps.count - 1, place + Self.contextRows)].contains
            {
                if case .changed = $0 { true } else { false }
            }
        }
        var (html, skipped) = (HTML.empty, 0)
        for (place, step) in steps.enumerated() {
            if !isNear[place] {
                skipped += 1
                continue
            }
            html += gap(skipped)
            skipped = 0
            html += self.step(step)
        }
        return html + gap(skipped)
    }

    private func gap(_ count: Int) -> HTML {
        count == 0
            ? .empty
            : "<tr class=\"hunk\"><td colspan=\"\(columns.count + 1)\" class=\"quiet\">\(count) \(count == 1 ? "row" : "rows") the same</td></tr>\n"
    }

    private func step(_ step: Alignment.Step) -> HTML {
        switch step {
        case .same(let oldPlace, let newPlace): return row(old[oldPlace], new[newPlace], newPlace + 1, "")
        case .changed(let removed, let added):
            let paired = min(removed.count, added.count)
            let changed = (0..<paired).map { place in
                row(
                    old[removed.lowerBound + place],
                    new[added.lowerBound + place],
                    added.lowerBound + place + 1,
                    ""
                )
            }
            let gone = removed.dropFirst(paired).map { row(old[$0], nil, $0 + 1, "del") }
            let come = added.dropFirst(paired).map { row(nil, new[$0], $0 + 1, "add") }
            return (changed + gone + come).joined()
        }
    }

    private func row(_ old: [String]?, _ new: [String]?, _ number: Int, _ word: String) -> HTML {
        let mark = word == "add" ? "+ " : word == "del" ? "− " : ""
        return """
            <tr class="\(word)"><td class="number quiet">\(mark)\(number)</td>\(columns.map { cell($0, old, new) })</tr>

            """
    }

    private func cell(_ column: Column, _ old: [String]?, _ new: [String]?) -> HTML {
        let before = column.old.flatMap { place in
            old.flatMap { $0.indices.contains(place) ? $0[place] : nil }
        }
        let after = column.new.flatMap { place in new.flatMap { $0.indices.contains(place) ? $0[place] : nil }
        }
        let kind = TextTable.isNumber(after ?? before ?? "") ? "number" : ""
        guard old != nil, new != nil, before != after else {
            return "<td class=\"\(kind)\">\(after ?? before ?? "")</td>"
        }
        return """
            <td class="\(kind) changed">\(before.map { "<del>\($0)</del> " as HTML })\(after.map { "<ins>\($0)</ins>" as HTML })</td>
            """
    }
}
