import Core
import Tracking

/// The histories of a run's metrics as lines; those of the machine apart.
struct RunMetrics: Sendable {
    struct Line: Sendable {
        let metric: Metric
        let points: [Metric]
    }

    /// More lines are drawn by the browser alone.
    private static let mostLines = 40
    private static let pointsOfLine = 240

    let visit: Visit
    let run: RunInfo
    /// The names of all metrics, whatever is searched.
    let keys: [String]
    let lines: [Line]
    let search: String

    /// Reads the histories; the word `metric` of the address leaves only metrics whose names have it.
    static func load(_ run: Run, for visit: Visit, _ web: Web) async throws -> RunMetrics {
        let (store, id) = (web.tracking.runs(for: visit.caller), run.info.id)
        let search = visit.query("metric") ?? ""
        let words = search.lowercased().split(separator: " ")
        let all = run.sortedMetrics
        let metrics = all.filter { metric in words.allSatisfy { metric.key.lowercased().contains($0) } }
        let lines = try await withThrowingTaskGroup(of: (Int, [Metric]).self) { group in
            for (place, metric) in metrics.prefix(mostLines).enumerated() {
                group.addTask {
                    let histories = try await store.sampledHistories(
                        of: metric.key,
                        in: [id],
                        steps: nil,
                        limit: pointsOfLine
                    )
                    return (place, histories.first?.points ?? [])
                }
            }
            var lines = metrics.map { Line(metric: $0, points: []) }
            for try await (place, points) in group {
                lines[place] = Line(metric: metrics[place], points: points)
            }
            return lines
        }
        return RunMetrics(visit: visit, run: run.info, keys: all.map(\.key), lines: lines, search: search)
    }

    private var address: Address { RunTab.metrics.address(of: visit.address(ofRun: run.id)) }

    /// A script puts charts in the place of what is drawn here.
    var html: HTML {
        guard !keys.isEmpty else { return nothing }
        return """
            <div class="metric-charts" data-run="\(run.id)" data-run-name="\(run.shownName.text)" \
            data-metrics="\(JSON.array(keys.map { .string($0) }).text)" data-parameter="">
            \(search.isEmpty ? nil : found)
            \(section("Metrics", "own", lines.filter { !$0.metric.isOfSystem }))
            \(section("System metrics", "system", lines.filter(\.metric.isOfSystem)))
            </div>
            """
    }

    private var found: HTML {
        "<p>\(lines.count) with <strong>\(search)</strong> in their names. <a href=\"\(address)\">All metrics</a></p>"
    }

    private func section(_ heading: String, _ name: String, _ lines: [Line]) -> HTML? {
        guard !lines.isEmpty else { return nil }
        return """
            <section aria-labelledby="\(name)-title"><h2 id="\(name)-title">\(heading) \
            <span class="badge">\(lines.count)</span></h2>
            <div class="metric-sketches">\(lines.map(figure))</div></section>
            """
    }

    private func figure(_ line: Line) -> HTML {
        let metric = line.metric
        return """
            <figure class="metric-line" data-key="\(metric.key)"><figcaption>\
            <a href="\(address.with("metric", metric.key))">\(metric.key)</a> \
            <span class="number" data-value title="step \(metric.step)">\(MetricNumber(value: metric.value).text)</span></figcaption>
            \(MetricSketch(points: line.points, mark: RunMark(run.id)).html)
            </figure>
            """
    }

    private var nothing: HTML {
        EmptyState(
            heading: "No metrics yet",
            text: "Points show here as they are logged.",
            lines: """
                import mlflow

                mlflow.set_tracking_uri("\(visit.trackingURI)")
                with mlflow.start_run(run_id="\(run.id)"):
                    for step in range(100):
                        mlflow.log_metric("loss", 1 / (step + 1), step=step)
                """
        ).html
    }
}

extension Metric {
    /// Whether a machine reports it of itself, such as `system/cpu_utilization_percentage`.
    var isOfSystem: Bool { key.hasPrefix("system/") }
}

extension Run {
    /// The latest point of each metric by name, those of the system last.
    var sortedMetrics: [Metric] {
        metrics.sorted { ($0.isOfSystem ? 1 : 0, $0.key) < ($1.isOfSystem ? 1 : 0, $1.key) }
    }
}
