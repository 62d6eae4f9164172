import Core
import HTTP
import Tracking

/// Runs side by side.
struct RunComparisonPage: Page {
    let visit: Visit
    let query: RunComparisonQuery
    /// Nil where no run was found.
    let comparison: RunComparison?
    /// Where all runs are of one experiment, that one.
    let experiment: Experiment?
    /// Where the script of ECharts is, which is fetched once a chart needs it; nil where it is not installed.
    let echarts: String?

    /// So many runs are named in words for programs.
    private static let namedRuns = 8
    private static let namedLost = 5

    static func load(
        _ query: RunComparisonQuery,
        _ visit: Visit,
        _ tracking: Tracking,
        echarts: String?
    ) async throws -> RunComparisonPage {
        let runs = try await tracking.runs(for: visit.caller).find(query.runs)
        let experiments = Set(runs.map(\.info.experimentID))
        var experiment: Experiment?
        if experiments.count == 1, let id = experiments.first {
            experiment = try await tracking.experiments(for: visit.caller).get(id)
        }
        return RunComparisonPage(
            visit: visit,
            query: query,
            comparison: runs.isEmpty
                ? nil : RunComparison(runs.map(RunComparison.Column.init), baseline: query.baseline),
            experiment: experiment,
            echarts: echarts
        )
    }

    var title: String { comparison.map { "Compare \($0.columns.count) runs" } ?? "Compare runs" }
    var tab: Tab? { .experiments }
    var isWide: Bool { true }
    var scripts: [String] { comparison == nil ? [] : ["compare/compare.js"] }
    var styles: [String] { ["charts/charts.css", "compare/compare.css"] }
    var parts: [Part] { comparison == nil ? [] : [.uPlot] }

    var crumbs: [Crumb] {
        (experiment.map { visit.crumbs(ofExperiment: $0) } ?? visit.crumbsOfExperiments) + [Crumb("Compare")]
    }

    var ways: [Way] {
        guard let comparison else { return [] }
        let named = comparison.columns.prefix(Self.namedRuns).map(\.id)
        let hidden = comparison.columns.count - named.count
        return [
            .json(query.words(at: visit.base["runs"]["compare.json"])),
            .python(
                """
                import mlflow

                mlflow.set_tracking_uri("\(visit.trackingURI)")
                client = mlflow.MlflowClient()
                for run in \(pythonList(named)):\(hidden > 0 ? "  # and \(hidden) more" : "")
                    print(run, client.get_run(run).data.params, client.get_run(run).data.metrics)
                """
            ),
        ]
    }

    private func pythonList(_ ids: [String]) -> String {
        "[\(ids.map(PythonText.repr).joined(separator: ", "))]"
    }

    var body: HTML {
        guard let comparison else { return empty }
        return """
            <div class="row between"><h1>\(title)</h1><div class="row"><span data-views="\(viewKind)"></span>\
            <div class="row copy-table" hidden></div></div></div>
            \(missing(comparison))
            \(choices(comparison))
            \(RunComparisonTable(comparison: comparison, query: query, visit: visit).html)
            <div class="compare-more" data-address="\(query.words(at: visit.base["runs"]["compare.json"]))" \
            data-echarts="\(echarts ?? "")">
            <noscript><p class="note">Charts and artifacts are shown by script.</p></noscript>
            </div>
            """
    }

    private var empty: HTML {
        """
        <h1>\(title)</h1>
        \(EmptyState(
            heading: query.runs.isEmpty ? "Choose runs to compare" : "None of these runs is here",
            text: "Select two runs or more in the table of an experiment and choose Compare, or name them here.",
            lines: "\(visit.base["runs"]["compare"])?run=RUN_ID&run=RUN_ID"
        ).html)
        """
    }

    /// Comparisons are saved with their runs, by the experiment where all are of one.
    private var viewKind: String { experiment.map { "experiments/\($0.id)/compare" } ?? "compare" }

    private func missing(_ comparison: RunComparison) -> HTML? {
        let found = Set(comparison.columns.map(\.id))
        let lost = query.runs.filter { !found.contains($0) }
        guard !lost.isEmpty else { return nil }
        return """
            <p class="note warn">\(lost.count == 1 ? "A run is" : "\(lost.count) runs are") not here: \
            \(lost.prefix(Self.namedLost).joined(separator: ", "))\(
                lost.count > Self.namedLost ? " and \(lost.count - Self.namedLost) more" : "")</p>
            """
    }

    private func choices(_ comparison: RunComparison) -> HTML {
        let hidden: [HTML] = comparison.columns.map {
            "<input type=\"hidden\" name=\"run\" value=\"\($0.id)\">"
        }
        let options: [HTML] = comparison.columns.enumerated().map { place, column in
            """
            <option value="\(column.id)"\(place == comparison.baseline ? " selected" : "")>\(column.name)</option>
            """
        }
        return """
            <form id="compare" method="get" class="row compare-choices">\(hidden)
            <span class="row"><label for="baseline">Baseline</label>
            <select id="baseline" name="baseline">\(options)</select>
            <button class="button">Hold against</button></span>
            <span class="row"><label for="more">Add a run</label>
            <input id="more" name="run" placeholder="Run id" spellcheck="false" autocomplete="off">
            <button class="button">Add</button></span></form>
            """
    }
}
