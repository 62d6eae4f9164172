import Core
import HTTP
import Tracking

/// Charts of the runs of an experiment.
struct ChartsPage: Page {
    let visit: Visit
    let experiment: Experiment
    let selection: ChartSelection
    let runs: [Run]
    let hasMore: Bool
    /// What is wrong with the filter or the order; nothing is found then.
    let failure: Failure?
    /// Where the script of ECharts is, which is fetched once a chart needs it; nil where it is not installed.
    let echarts: String?

    static func load(_ visit: Visit, _ tracking: Tracking, echarts: String?) async throws -> ChartsPage {
        let id = try ExperimentID.parse(visit.call.parameter("id"))
        let selection = try ChartSelection(of: id, visit.call.query)
        async let experiment = tracking.experiments(for: visit.caller).get(id)
        var (runs, hasMore): ([Run], Bool) = ([], false)
        var failure: Failure?
        do {
            (runs, hasMore) = try await selection.load(tracking.runs(for: visit.caller))
        } catch let error as Failure where error.code == .invalidParameter {
            failure = error
        }
        return ChartsPage(
            visit: visit,
            experiment: try await experiment,
            selection: selection,
            runs: runs,
            hasMore: hasMore,
            failure: failure,
            echarts: echarts
        )
    }

    /// As views of it are saved under.
    static func viewKind(_ experiment: Int64) -> String { "experiments/\(experiment)/charts" }
    private var viewKind: String { Self.viewKind(experiment.id) }

    var title: String { "Charts of \(experiment.name)" }
    var tab: Tab? { .experiments }
    var isWide: Bool { true }
    var scripts: [String] { ["charts/experiment.js"] }
    var styles: [String] { ["charts/charts.css"] }
    var parts: [Part] { [.uPlot] }

    var crumbs: [Crumb] {
        visit.crumbs(ofExperiment: experiment) + [Crumb("Charts")]
    }

    var ways: [Way] {
        let metric = runs.lazy.flatMap(\.metrics).first?.key ?? "loss"
        return [
            .json(selection.words(at: address["charts.json"])),
            .python(
                """
                import mlflow

                mlflow.set_tracking_uri("\(visit.trackingURI)")
                for run in mlflow.search_runs(["\(experiment.id)"], output_format="list"):
                    print(run.info.run_name, mlflow.MlflowClient().get_metric_history(run.info.run_id, \
                \(PythonText.repr(metric)))[-3:])
                """
            ),
        ]
    }

    private var address: Address { visit.base["experiments"]["\(experiment.id)"] }

    var body: HTML {
        """
        <div class="row between"><h1>\(title)</h1>
        <div class="row"><span data-views="\(viewKind)" data-default="yes"></span>
        <a class="button" href="\(table)">\(Icon.table.html) Runs</a>
        <a class="button" href="\(compareAddress)" data-compare>\(Icon.copy.html) Compare</a></div></div>
        \(form)
        \(failure.map { "<p class=\"note bad\" role=\"alert\">\($0.message)</p>" as HTML })
        \(runs.isEmpty ? (failure == nil ? empty : nil) : charts)
        """
    }

    /// The table of the same runs.
    private var table: Address { address.with("filter", selection.filter).with("order", selection.order) }

    private var compareAddress: Address {
        runs.reduce(visit.base["runs"]["compare"]) { $0.with("run", $1.info.id) }
    }

    private var empty: HTML {
        EmptyState(
            heading: selection.filter == nil ? "No runs yet" : "No run is like this",
            text: selection.filter == nil
                ? "Charts appear here as soon as a run of this experiment logs a metric."
                : "Nothing was found for \(selection.filter ?? ""). Take the filter away to see all runs.",
            lines: selection.filter == nil
                ? """
                import mlflow

                mlflow.set_tracking_uri("\(visit.trackingURI)")
                mlflow.set_experiment(experiment_id="\(experiment.id)")
                with mlflow.start_run():
                    for step in range(100):
                        mlflow.log_metric("loss", 1 / (step + 1), step=step)
                """ : nil
        ).html
    }

    private var form: HTML {
        """
        <form class="row charts-search" method="get" role="search" aria-label="Which runs">
        <label>Filter <input type="search" name="filter" value="\(selection.filter ?? "")" \
        placeholder="metrics.loss &lt; 0.1" size="32" spellcheck="false"></label>
        <label>Order <input name="order" value="\(selection.order ?? "")" placeholder="metrics.loss ASC" \
        size="18" spellcheck="false"></label>
        <label>At most <input type="number" name="limit" min="1" max="\(ChartSelection.mostRuns)" \
        value="\(selection.limit)"></label>
        <button class="button">Show</button>
        \(hasMore ? more : .empty)
        </form>
        """
    }

    private var charts: HTML {
        """
        <div class="charts-page" data-address="\(selection.words(at: address["charts.json"]))" \
        data-echarts="\(echarts ?? "")">
        <section class="charts-runs" aria-label="Runs">
        <div class="row between"><h2>\(runs.count) runs</h2></div>
        <ul>\(runs.map(row))</ul>
        </section>
        <div class="charts-panels">
        <noscript><p class="note">Charts are drawn by script. Without it, compare the runs as
        <a href="\(compareAddress)">tables</a>.</p></noscript>
        </div>
        </div>
        """
    }

    private var more: HTML {
        "<p class=\"quiet small\">The first \(runs.count); there are more.</p>"
    }

    private func row(_ run: Run) -> HTML {
        """
        <li data-run="\(run.info.id)"><a class="clip" href="\(visit.base["runs"][run.info.id])" title="\(run.info.shownName.text)">\(run.info.shownName.html)</a></li>
        """
    }
}
