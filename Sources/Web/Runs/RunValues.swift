import Core
import Tracking

/// The metrics and params of a run as tables, with a box that leaves only some of them.
struct RunValues {
    let run: Run
    let visit: Visit

    private var search: String { visit.query("q") ?? "" }

    var html: HTML {
        let (metrics, params) = (run.sortedMetrics, run.params.sorted { $0.key < $1.key })
        guard !metrics.isEmpty || !params.isEmpty else { return nothing }
        return """
            <form class="row run-search" role="search" method="get" action="\(visit.address(ofRun: run.info.id))">
            <label class="visually-hidden" for="value-search">Find metrics and params</label>
            <input id="value-search" type="search" name="q" value="\(search)" placeholder="Find metrics and params" \
            autocomplete="off" data-search>
            </form>
            <div id="values">
            \(metricTable(metrics.filter { isFound($0.key, "") }, of: metrics.count))
            \(paramTable(params.filter { isFound($0.key, $0.value) }, of: params.count))
            </div>
            """
    }

    private func isFound(_ key: String, _ value: String) -> Bool {
        let search = search.lowercased()
        return search.isEmpty || key.lowercased().contains(search) || value.lowercased().contains(search)
    }

    private func metricTable(_ metrics: [Metric], of total: Int) -> HTML? {
        guard total > 0 else { return nil }
        return """
            <section aria-labelledby="metrics-title"><h2 id="metrics-title">Metrics <span class="badge">\(total)</span></h2>
            <div class="scroll tall" tabindex="0" role="region" aria-labelledby="metrics-title">
            <table class="list dense" id="metrics"><thead><tr><th scope="col">Metric</th>\
            <th scope="col" class="number">Latest</th><th scope="col" class="number">Step</th>\
            <th scope="col" class="wide-only">Logged</th></tr></thead>
            <tbody>\(metrics.map(row))</tbody></table></div></section>
            """
    }

    private func row(_ metric: Metric) -> HTML {
        let number = MetricNumber(value: metric.value)
        let address = RunTab.metrics.address(of: visit.address(ofRun: run.info.id)).with("metric", metric.key)
        return """
            <tr data-key="\(metric.key)"><td><a href="\(address)">\(metric.key)</a></td>\
            <td class="number" data-value title="\(number.exact)">\(number.text)</td>\
            <td class="number" data-step>\(metric.step)</td>\
            <td class="quiet wide-only">\(TimeLabel(metric.timestamp).html)</td></tr>
            """
    }

    private func paramTable(_ params: [Param], of total: Int) -> HTML? {
        guard total > 0 else { return nil }
        return """
            <section aria-labelledby="params-title"><h2 id="params-title">Params <span class="badge">\(total)</span></h2>
            <div class="scroll tall" tabindex="0" role="region" aria-labelledby="params-title">
            <table class="list dense" id="params"><thead><tr><th scope="col">Param</th><th scope="col">Value</th></tr></thead>
            <tbody>\(params.map { param in
                """
                <tr data-key="\(param.key)"><td>\(param.key)</td>\
                <td class="mono" data-param>\(FoldedText(param.value, of: param.key).html)</td></tr>
                """ as HTML
            })</tbody></table></div></section>
            """
    }

    private var nothing: HTML {
        """
        <div id="values">\(EmptyState(
            heading: "Nothing was logged yet",
            text: "What a run logs shows here as it comes.",
            lines: """
                import mlflow

                mlflow.set_tracking_uri("\(visit.trackingURI)")
                with mlflow.start_run(run_id="\(run.info.id)"):
                    mlflow.log_param("lr", 0.1)
                    mlflow.log_metric("accuracy", 0.93, step=1)
                """
        ).html)</div>
        """
    }
}
