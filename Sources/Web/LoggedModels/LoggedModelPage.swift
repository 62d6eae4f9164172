import Core
import Tracking

/// A model that was logged to an experiment.
struct LoggedModelPage: Page {
    let visit: Visit
    let model: LoggedModel
    let experiment: Experiment
    /// The run that made it; nil where it is not there any more, or none made it.
    let run: RunInfo?
    /// Its artifacts, where these are shown.
    let browser: ArtifactBrowser?

    static func load(
        _ model: LoggedModel,
        for visit: Visit,
        _ web: Web,
        browser: ArtifactBrowser?
    ) async throws -> LoggedModelPage {
        async let experiment = web.tracking.experiments(for: visit.caller).get(model.experimentID)
        async let run = run(of: model, visit, web)
        return try await LoggedModelPage(
            visit: visit,
            model: model,
            experiment: experiment,
            run: run,
            browser: browser
        )
    }

    private static func run(of model: LoggedModel, _ visit: Visit, _ web: Web) async throws -> RunInfo? {
        guard let id = model.sourceRunID, !id.isEmpty else { return nil }
        do {
            return try await web.tracking.runs(for: visit.caller).get(id).info
        } catch let failure as Failure where failure.code == .missing {
            return nil
        }
    }

    private var address: Address { visit.address(ofLoggedModel: model.id) }

    var title: String { browser == nil ? model.name : "Artifacts · \(model.name)" }

    var crumbs: [Crumb] {
        let experiment = visit.address(ofExperiment: self.experiment.id)
        return [
            Crumb(visit.workspaceName, visit.base), Crumb(self.experiment.name, experiment),
            Crumb("models", experiment["models"]), Crumb(model.name),
        ]
    }

    var tab: Tab? { .experiments }
    var scripts: [String] { browser == nil ? ["runs/run.js"] : ["runs/run.js", "artifacts/browser.js"] }
    var styles: [String] { ["runs/run.css", "artifacts/artifacts.css", "previews/previews.css"] }
    var isWide: Bool { browser != nil }

    var ways: [Way] {
        if let browser { return browser.ways(visit) }
        return [
            .json(visit.service.below("api/2.0/mlflow/logged-models")[model.id]),
            .python(
                """
                import mlflow

                mlflow.set_tracking_uri("\(visit.trackingURI)")
                model = mlflow.get_logged_model("\(model.id)")
                print(model.name, model.params, model.metrics)
                """
            ),
        ]
    }

    var body: HTML {
        """
        <article class="run" data-model="\(model.id)">
        <header class="run-head"><div class="run-title"><h1>\(Icon.model.html) \(model.name)</h1>\(register)</div>
        <p class="run-facts">\(model.badge) <span>logged \(TimeLabel(model.creationTime).html)</span>
        \(run.map { "<span>by <a href=\"\(visit.address(ofRun: $0.id))\">\(RunMark($0.id).html)\($0.name)</a></span>" as HTML })
        <span>in <a href="\(visit.address(ofExperiment: experiment.id))">\(experiment.name)</a></span></p></header>
        <nav class="tabs inner" aria-label="What to see of the model">
        <a href="\(address)" \(browser == nil ? "aria-current=\"page\"" : "" as HTML)>Overview</a>
        <a href="\(address["artifacts"])" \(browser == nil ? "" : "aria-current=\"page\"" as HTML)>Artifacts</a></nav>
        \(browser?.html ?? overview)
        </article>
        """
    }

    private var register: HTML? {
        guard visit.mayWrite, model.stage == .active else { return nil }
        return """
            <div class="row run-actions"><a class="button" href="\(address["register"])">\(Icon.model.html)Register model</a></div>
            """
    }

    private var overview: HTML {
        """
        <div class="columns"><div>
        <section aria-labelledby="load-title"><h2 id="load-title" class="first">Load it</h2>
        \(CopyBlock(
            """
            import mlflow

            mlflow.set_tracking_uri("\(visit.trackingURI)")
            model = mlflow.pyfunc.load_model("models:/\(model.id)")
            """
        ).html)</section>
        \(metrics)
        \(params)
        </div><div>
        \(facts)
        \(TagTable(
            tags: model.tags.filter { !RunTag.isReserved($0.key) },
            reserved: model.tags.filter { RunTag.isReserved($0.key) },
            address: address["tags"],
            mayWrite: visit.mayWrite && model.stage == .active
        ).html)
        </div></div>
        """
    }

    private var metrics: HTML? {
        guard !model.metrics.isEmpty else { return nil }
        return """
            <section aria-labelledby="metrics-title"><h2 id="metrics-title">Metrics</h2>
            <div class="scroll"><table class="list dense"><thead><tr><th scope="col">Metric</th>\
            <th scope="col" class="number">Value</th><th scope="col" class="number">Step</th>\
            <th scope="col">Dataset</th><th scope="col">Run</th></tr></thead><tbody>\(model.metrics.map { point in
                let number = MetricNumber(value: point.metric.value)
                return """
                <tr><td>\(point.metric.key)</td><td class="number" title="\(number.exact)">\(number.text)</td>\
                <td class="number">\(point.metric.step)</td><td>\(point.metric.datasetName ?? "")</td>\
                <td><a href="\(visit.address(ofRun: point.runID))">\(RunMark(point.runID).html)\(point.runID.prefix(8))</a></td></tr>
                """ as HTML
            })</tbody></table></div></section>
            """
    }

    private var params: HTML? {
        guard !model.params.isEmpty else { return nil }
        return """
            <section aria-labelledby="params-title"><h2 id="params-title">Params</h2>
            <div class="scroll"><table class="list dense"><thead><tr><th scope="col">Param</th>\
            <th scope="col">Value</th></tr></thead><tbody>\(model.params.map { param in
                "<tr><td>\(param.key)</td><td class=\"mono\">\(param.value)</td></tr>" as HTML
            })</tbody></table></div></section>
            """
    }

    private var facts: HTML {
        """
        <section aria-labelledby="facts-title"><h2 id="facts-title" class="first">Facts</h2><dl class="facts">
        <dt>Model ID</dt><dd><code>\(model.id)</code></dd>
        \(model.type.map { $0.isEmpty ? "" : "<dt>Kind</dt><dd>\($0)</dd>" as HTML })
        <dt>Logged</dt><dd>\(TimeLabel(model.creationTime).html)</dd>
        <dt>Changed</dt><dd>\(TimeLabel(model.lastUpdateTime).html)</dd>
        \(run.map { "<dt>Run</dt><dd><a href=\"\(visit.address(ofRun: $0.id))\">\($0.name)</a></dd>" as HTML })
        \(model.statusMessage.map { "<dt>Message</dt><dd>\($0)</dd>" as HTML })
        <dt>Artifacts</dt><dd class="mono">\(model.artifactLocation)</dd></dl></section>
        """
    }
}
