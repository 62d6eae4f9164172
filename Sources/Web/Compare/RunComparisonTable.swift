import Core

/// The table of a comparison: a column for each run, what differs first, and of many rows some at a time.
struct RunComparisonTable {
    let comparison: RunComparison
    let query: RunComparisonQuery
    let visit: Visit

    /// A browser shows so many cells of a kind without getting slow.
    private static let mostCells = 20_000
    /// Of as many runs there is room for long values, and for links to them.
    private static let fewColumns = 20
    private static let mostLettersOfMany = 40
    private static let mostAlike = 200

    private var columns: [RunComparison.Column] { comparison.columns }
    private var hasRoom: Bool { columns.count <= Self.fewColumns }
    private var rowsPerPage: Int { max(10, Self.mostCells / columns.count) }

    var html: HTML {
        let params = comparison.params
        let metrics = comparison.metrics
        let tags = comparison.tags
        let variedParams = params.filter(\.isVaried)
        let variedTags = tags.filter(\.isVaried)
        let counts: [(name: String, count: Int)] = [
            ("params", variedParams.count), ("tags", variedTags.count), ("metrics", metrics.count),
        ]
        return """
            <div class="scroll compare-scroll" tabindex="0" role="region" aria-label="Runs side by side">
            <table class="list compare-table" data-name="comparison">
            <thead><tr><th scope="col" class="compare-name"><span class="visually-hidden">Name</span></th>
            \(columns.enumerated().map(heading))</tr></thead>
            \(section("Params that differ", shown(variedParams).map { wordRow($0, param: $0.name) }))
            \(section("Tags that differ", shown(variedTags).map { wordRow($0, tag: $0.name) }))
            \(section("Metrics", shown(metrics).map(metricRow)))
            \(section("Attributes", attributes))
            </table></div>
            \(hasRoom ? nil : "<p class=\"quiet small\">Of so many runs only the first \(Self.mostLettersOfMany) letters of a value are shown; the page of each run has all.</p>")
            \(turner(counts))
            \(alike("param", params.filter { !$0.isVaried }))
            \(alike("tag", tags.filter { !$0.isVaried }))
            """
    }

    private func shown<Value>(_ rows: [RunComparison.Row<Value>]) -> ArraySlice<RunComparison.Row<Value>> {
        rows.dropFirst((query.page - 1) * rowsPerPage).prefix(rowsPerPage)
    }

    /// The way to the rows before and behind those of this page.
    private func turner(_ counts: [(name: String, count: Int)]) -> HTML? {
        let left = counts.map { ($0.name, $0.count - query.page * rowsPerPage) }.filter { $0.1 > 0 }
        guard query.page > 1 || !left.isEmpty else { return nil }
        let address = visit.base["runs"]["compare"]
        func link(_ text: String, _ page: Int) -> HTML {
            "<a class=\"button\" href=\"\(query.allWords(at: address, page: page))\">\(text)</a>"
        }
        let words = left.map { "\($0.1.grouped) \($0.0)" }.joined(separator: ", ")
        return """
            <nav class="pager" aria-label="Rows">\(query.page > 1 ? link("Rows before", query.page - 1) : nil)
            \(words.isEmpty ? nil : "<span class=\"quiet\">… and \(words) more</span>")
            \(words.isEmpty ? nil : link("More rows", query.page + 1))</nav>
            """
    }

    private func heading(_ place: Int, _ column: RunComparison.Column) -> HTML {
        let name = column.name
        let mark: HTML =
            place == comparison.baseline
            ? "<span class=\"badge accent\">baseline</span>"
            : """
            <button class="link-button" form="compare" name="as" value="\(column.id)" \
            aria-label="Make \(name) the baseline">as baseline</button>
            """
        return """
            <th scope="col" data-run="\(column.id)" data-experiment="\(column.experiment)" data-value="\(name)"><div class="compare-head">\
            <a class="clip" href="\(visit.base["runs"][column.id])" title="\(name)">\(name)</a>\
            <button class="icon-button" form="compare" name="without" value="\(column.id)" \
            aria-label="Take \(name) out" title="Take out">\(Icon.close.html)</button></div>\
            <div class="compare-head"><span class="mono quiet">\(column.id.prefix(8))</span>\(mark)</div></th>

            """
    }

    private func section(_ heading: String, _ rows: [HTML]) -> HTML? {
        guard !rows.isEmpty else { return nil }
        return """
            <tbody><tr class="compare-section"><th scope="rowgroup" colspan="\(columns.count + 1)"><span>\(heading)</span></th></tr>
            \(rows)</tbody>

            """
    }

    /// A line of the table; `words` are attributes for scripts.
    private func row(_ name: String, _ cells: [HTML], words: HTML? = nil) -> HTML {
        "<tr\(words)><th scope=\"row\" class=\"compare-name\" title=\"\(name)\" data-value=\"\(name)\">\(name)</th>\(cells)</tr>\n"
    }

    private func metricRow(_ row: RunComparison.Row<ComparedMetric>) -> HTML {
        let base = row.values[comparison.baseline]
        return self.row(
            row.name,
            row.values.enumerated().map { place, value in
                guard let value else { return "<td class=\"number\" data-value=\"\"></td>" }
                let difference =
                    place == comparison.baseline ? nil : base.flatMap { value.difference(from: $0) }
                return """
                    <td class="number" data-value="\("\(value.number)")">\(value.text)\(difference.map(shown))</td>
                    """
            }
        )
    }

    private func shown(_ difference: ComparedMetric.Difference) -> HTML {
        "<span class=\"difference \(difference.isUp ? "up" : "down")\">\(difference.text)</span>"
    }

    /// Of a param or of a tag, by which the whole of what is cut is found.
    private func wordRow(
        _ row: RunComparison.Row<ComparedText>,
        param: String? = nil,
        tag: String? = nil
    ) -> HTML {
        let base = row.values[comparison.baseline]
        return self.row(
            row.name,
            zip(columns, row.values).map { column, value in
                let mark: HTML = value == base ? "" : " class=\"other\""
                guard let value else {
                    return "<td\(mark) data-value=\"\"><span class=\"quiet\">–</span></td>"
                }
                let page = visit.base["runs"][column.id].with("q", param)
                let cut: HTML = value.isCut || shown(value.text) != value.text ? " data-cut" : ""
                return "<td\(mark)\(cut)>\(shown(value, wholeAt: page))</td>"
            },
            words:
                "\(param.map { " data-param=\"\($0)\"" as HTML })\(tag.map { " data-tag=\"\($0)\"" as HTML })"
        )
    }

    /// A value, cut where it is long; of few runs with a link to the whole of it.
    private func shown(_ value: ComparedText, wholeAt address: Address) -> HTML {
        let link = hasRoom && value.isCut ? whole(value, address) : nil
        return "<div class=\"compare-value\">\(shown(value.text))\(link)</div>"
    }

    /// Of many runs less of a text is shown.
    private func shown(_ text: String) -> String {
        hasRoom ? text : text.shortened(to: Self.mostLettersOfMany)
    }

    private func whole(_ value: ComparedText, _ address: Address) -> HTML {
        " <a class=\"small\" href=\"\(address)\">all of \(ByteCount(bytes: Int64(value.sizeBytes)).text)</a>"
    }

    private var attributes: [HTML] {
        let commits = comparison.noted("mlflow.source.git.commit", as: "Commit")
        var rows = [
            row(
                "Experiment",
                columns.map { column in
                    let address = visit.base["experiments"]["\(column.experiment)"]
                    return """
                        <td data-value="\(column.experiment)"><a href="\(address)">\(column.experiment)</a></td>
                        """
                }
            ),
            row("Status", columns.map { "<td data-value=\"\($0.status)\">\($0.status.lowercased())</td>" }),
            row(
                "Start",
                columns.map { column in
                    "<td data-value=\"\(UTCTime(epochMs: column.startMs).iso)\">\(TimeLabel(column.startMs).html)</td>"
                }
            ),
            row("Duration", columns.map(duration)),
        ]
        for (tag, name) in [
            ("mlflow.user", "User"), ("mlflow.source.name", "Source"), ("mlflow.parentRunId", "Parent"),
        ] {
            let noted = comparison.noted(tag, as: name)
            if noted.values.contains(where: { $0 != nil }) { rows.append(wordRow(noted, tag: tag)) }
        }
        if commits.values.contains(where: { $0 != nil }) {
            rows.append(
                row(
                    "Commit",
                    commits.values.map { commit($0?.text, base: commits.values[comparison.baseline]?.text) }
                )
            )
        }
        return rows
    }

    private func duration(_ column: RunComparison.Column) -> HTML {
        guard let end = column.endMs else { return "<td data-value=\"\"></td>" }
        let span = Span(from: column.startMs, to: end)
        return "<td data-value=\"\(span.ms)\">\(span.text)</td>"
    }

    /// A commit; of a repository, with a link to what changed since the baseline's.
    private func commit(_ commit: String?, base: String?) -> HTML {
        guard let commit else { return "<td data-value=\"\"></td>" }
        let short = String(commit.prefix(10))
        guard visit.repository != nil else {
            return "<td data-value=\"\(commit)\"><span class=\"mono\">\(short)</span></td>"
        }
        var changes: HTML?
        if let base, base != commit {
            changes =
                " <a class=\"small\" href=\"\(visit.base["compare"]["\(base)...\(commit)"])\">changes</a>"
        }
        return """
            <td data-value="\(commit)"><a class="mono" href="\(visit.base["commit"][commit])">\(short)</a>\(changes)</td>
            """
    }

    private func alike(_ kind: String, _ rows: [RunComparison.Row<ComparedText>]) -> HTML? {
        guard !rows.isEmpty else { return nil }
        let page = visit.base["runs"][columns[0].id]
        let cells: [HTML] = rows.prefix(Self.mostAlike).map { row in
            let value = row.values[0].map { value in
                """
                <div class="compare-value">\(value.text)\(value.isCut ? whole(value, page.with("q", kind == "param" ? row.name : nil)) : nil)</div>
                """ as HTML
            }
            return "<tr><th scope=\"row\">\(row.name)</th><td>\(value)</td></tr>\n"
        }
        let hidden = rows.count - cells.count
        return """
            <details class="compare-alike"><summary>\(rows.count) \(kind)\(rows.count == 1 ? "" : "s") that all have alike</summary>
            <div class="scroll"><table class="list"><tbody>\(cells)</tbody></table></div>
            \(hidden > 0 ? "<p class=\"quiet\">… and \(hidden.grouped) more, which <a href=\"\(page)\">the first run</a> has too</p>" : nil)</details>
            """
    }
}
