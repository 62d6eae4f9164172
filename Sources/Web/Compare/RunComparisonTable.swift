import Core

/// The table of a comparison: a column for each run, what differs first.
struct RunComparisonTable {
    let comparison: RunComparison
    let visit: Visit

    private var columns: [RunComparison.Column] { comparison.columns }

    var html: HTML {
        let params = comparison.params
        let metrics = comparison.metrics
        let tags = comparison.tags
        return """
            <div class="scroll compare-scroll" tabindex="0" role="region" aria-label="Runs side by side">
            <table class="list compare-table" data-name="comparison">
            <thead><tr><th scope="col" class="compare-name"><span class="visually-hidden">Name</span></th>
            \(columns.enumerated().map(heading))</tr></thead>
            \(section("Params that differ", params.filter(\.isVaried).map(wordRow)))
            \(section("Tags that differ", tags.filter(\.isVaried).map(wordRow)))
            \(section("Metrics", metrics.map(metricRow)))
            \(section("Attributes", attributes))
            </table></div>
            \(alike("param", params.filter { !$0.isVaried }))
            \(alike("tag", tags.filter { !$0.isVaried }))
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
            <th scope="col" data-run="\(column.id)" data-value="\(name)"><div class="compare-head">\
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

    private func row(_ name: String, _ cells: [HTML]) -> HTML {
        "<tr><th scope=\"row\" class=\"compare-name\" title=\"\(name)\" data-value=\"\(name)\">\(name)</th>\(cells)</tr>\n"
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

    private func wordRow(_ row: RunComparison.Row<String>) -> HTML {
        let base = row.values[comparison.baseline]
        return self.row(
            row.name,
            row.values.map { value in
                """
                <td class="\(value == base ? "" : "other")" data-value="\(value ?? "")">\(shown(value))</td>
                """
            }
        )
    }

    private func shown(_ value: String?) -> HTML {
        guard let value else { return "<span class=\"quiet\">–</span>" }
        return "<div class=\"compare-value\">\(value.prefix(300))\(value.count > 300 ? "…" : "")</div>"
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
        for noted in [
            comparison.noted("mlflow.user", as: "User"), comparison.noted("mlflow.source.name", as: "Source"),
            comparison.noted("mlflow.parentRunId", as: "Parent"),
        ] where noted.values.contains(where: { $0 != nil }) {
            rows.append(wordRow(noted))
        }
        if commits.values.contains(where: { $0 != nil }) {
            rows.append(
                row("Commit", commits.values.map { commit($0, base: commits.values[comparison.baseline]) })
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

    private func alike(_ kind: String, _ rows: [RunComparison.Row<String>]) -> HTML? {
        guard !rows.isEmpty else { return nil }
        let cells: [HTML] = rows.map {
            "<tr><th scope=\"row\">\($0.name)</th><td>\(shown($0.values[0]))</td></tr>\n"
        }
        return """
            <details class="compare-alike"><summary>\(rows.count) \(kind)\(rows.count == 1 ? "" : "s") that all have alike</summary>
            <div class="scroll"><table class="list"><tbody>\(cells)</tbody></table></div></details>
            """
    }
}
