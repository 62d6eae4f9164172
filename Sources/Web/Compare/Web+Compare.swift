import Core
import HTTP
import HTTPTypes
import Tracking

extension Web {
    var runComparisonEndpoints: [Endpoint] {
        [
            Endpoint(.get, "runs/compare", in: .workspacePages, needs: .read) { call in
                let visit = visit(call)
                let query = try RunComparisonQuery(call.query)
                guard query.isTidy else {
                    return .redirect(to: query.allWords(at: visit.base["runs"]["compare"]).text)
                }
                let page = try await RunComparisonPage.load(query, visit, tracking, echarts: echarts)
                // Hundreds of runs with hundreds of words each take a moment to write.
                return await aside { await answer(page, for: visit) }
            },
            Endpoint(.get, "runs/compare.json", in: .workspacePages, needs: .read) { call in
                let query = try RunComparisonQuery(call.query)
                let runs = try await tracking.runs(for: call.caller).find(query.runs)
                return await .dated(capacityBytes: runs.count * 2_048) { json in
                    json.array("runs") { json in for run in runs { run.writeForCharts(to: &json) } }
                }
            },
        ]
    }
}
