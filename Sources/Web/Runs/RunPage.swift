import Core
import Tracking

/// A run with everything that was logged of it.
struct RunPage: Page {
    let visit: Visit
    let run: Run
    let experiment: Experiment
    let panel: Panel

    /// What the chosen tab shows.
    enum Panel: Sendable {
        case overview(RunOverview)
        case metrics(RunMetrics)
        case artifacts(ArtifactBrowser)

        var tab: RunTab {
            switch self {
            case .overview: .overview
            case .metrics: .metrics
            case .artifacts: .artifacts
            }
        }

        fileprivate var html: HTML {
            switch self {
            case .overview(let overview): overview.html
            case .metrics(let metrics): metrics.html
            case .artifacts(let browser): browser.html
            }
        }
    }

    var title: String {
        panel.tab == .overview ? run.info.shownName.text : "\(panel.tab.label) · \(run.info.shownName.text)"
    }

    var crumbs: [Crumb] {
        visit.crumbs(ofExperiment: experiment) + [Crumb(run.info.shownName.text)]
    }

    var tab: Tab? { .experiments }

    var scripts: [String] {
        switch panel {
        case .overview: ["runs/run.js"]
        case .metrics: ["runs/run.js", "charts/mount.js"]
        case .artifacts(let browser):
            ["runs/run.js", "artifacts/browser.js"] + (browser.tree == nil ? [] : ["runs/artifacts.js"])
        }
    }

    var styles: [String] {
        switch panel {
        case .overview: ["runs/run.css"]
        case .metrics: ["runs/run.css", "charts/charts.css"]
        case .artifacts: ["runs/run.css", "artifacts/artifacts.css", "previews/previews.css"]
        }
    }

    var parts: [Part] { panel.tab == .metrics ? [.uPlot] : [] }

    var isWide: Bool { panel.tab != .overview }
    var takesLong: Bool { panel.tab == .overview }

    var ways: [Way] {
        if case .artifacts(let browser) = panel { return browser.ways(visit) }
        let id = run.info.id
        return [
            .json(visit.service.below("api/2.0/mlflow/runs/get").with("run_id", id)),
            .python(
                """
                import mlflow

                mlflow.set_tracking_uri("\(visit.trackingURI)")
                run = mlflow.get_run("\(id)")
                print(run.data.metrics, run.data.params)
                """
            ),
        ]
    }

    var body: HTML {
        """
        <article class="run" data-run="\(run.info.id)" data-experiment="\(experiment.id)">
        \(RunHeader(visit: visit, run: run, experiment: experiment, hasModels: run.hasModels).html)
        <nav class="tabs inner" aria-label="What to see of the run">
        \(RunTab.allCases.map { tab in
            """
            <a href="\(tab.address(of: visit.address(ofRun: run.info.id)))" \
            \(tab == panel.tab ? "aria-current=\"page\"" : "" as HTML)>\(tab.label)\(count(of: tab))</a>
            """ as HTML
        })
        </nav>
        \(panel.html)
        </article>
        """
    }

    private func count(of tab: RunTab) -> HTML? {
        guard tab == .metrics else { return nil }
        return " <span class=\"badge\" id=\"metric-count\">\(run.metricRows.count)</span>"
    }
}
