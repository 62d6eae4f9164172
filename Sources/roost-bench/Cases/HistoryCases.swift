/// Reading one metric of very many points: whole, and thinned for a chart.
struct HistoryCases {
    let points: Int

    /// As many points as MLflow's web UI asks for.
    private static let chartPoints = 320

    func all() -> [Case] {
        [
            Case(name: "history of \(grouped(points)) points, whole", unit: .milliseconds) { stage, _ in
                guard stage.peer.tracks else { return [] }
                // FastTrackML knows no pages here: it answers with all points at once.
                let path = Requests.history(of: stage.longRun, most: 25_000)
                return [.paging(PagedRequest(method: "GET", path: path, openBody: ""))]
            },
            Case(name: "history of \(grouped(points)) points, one page of 1 000", unit: .milliseconds) {
                stage,
                _ in
                guard [.roost, .mlflow].contains(stage.peer) else { return [] }
                return [.exchange(HTTPRequest.get("\(Requests.history(of: stage.longRun, most: 1000))"))]
            },
            Case(name: "history of \(grouped(points)) points, thinned for a chart", unit: .milliseconds) {
                stage,
                _ in
                stage.peer.tracks ? [.exchange(chart(stage))] : []
            },
            Case(name: "get run", unit: .perSecond) { stage, _ in
                [.exchange(Requests.getRun, runs: [stage.runs[0]])]
            },
            Case(name: "get run, 16 clients", unit: .perSecond) { stage, _ in
                (0..<16).map { .exchange(Requests.getRun, runs: [stage.runs[$0]]) }
            },
        ]
    }

    /// FastTrackML thins only for its own charts, so their route is taken there.
    private func chart(_ stage: Stage) -> Pattern {
        guard stage.peer != .fml else {
            return HTTPRequest.post(
                "/aim/api/runs/search/metric/?p=\(Self.chartPoints)",
                """
                {"metrics": [{"key": "loss", "context": {}}], "query": "run.hash == '\(stage.longRun)'"}
                """
            )
        }
        return HTTPRequest.get(
            """
            /ajax-api/2.0/mlflow/metrics/get-history-bulk-interval?run_ids=\(stage.longRun)\
            &metric_key=loss&max_results=\(Self.chartPoints)
            """
        )
    }

    /// Gives every peer a run with the long history, and ordinary runs their content for `get run`.
    func fill(_ stage: Stage) throws {
        stage.server.resume()
        defer { stage.server.pause() }
        stage.longRun = try stage.createRun()
        let content = RunContent(number: 0)
        for run in stage.runs { _ = try stage.server.send(content.batch(to: run)) }
        guard stage.peer == .roost else {
            try PeerDatabase(stage).add(points: points, to: stage.longRun)
            return
        }
        for first in stride(from: 0, to: points, by: 1000) {
            let count = min(1000, points - first)
            _ = try stage.server.send(LongHistory.batch(to: stage.longRun, from: first, count: count))
        }
    }
}
