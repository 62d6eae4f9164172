import Core
import HTTP
import HTTPTypes
import Tracking

extension Web {
    var chartEndpoints: [Endpoint] {
        [
            Endpoint(.get, "metrics.json", in: .workspacePages, needs: .read) { call in try await curves(call)
            },
            Endpoint(.get, "experiments/:id/charts", in: .workspacePages, needs: .read) { call in
                let visit = visit(call)
                let page = try await ChartsPage.load(visit, tracking, echarts: echarts)
                let kind = ChartsPage.viewKind(page.experiment.id)
                let address = visit.address(ofExperiment: page.experiment.id)["charts"]
                if let standard = try await standardView(kind, of: address, for: visit) { return standard }
                return await answer(page, for: visit)
            },
            Endpoint(.get, "experiments/:id/charts.json", in: .workspacePages, needs: .read) { call in
                try await chartedRuns(call)
            },
        ]
    }

    /// Where the script of ECharts is; nil where it is not installed.
    var echarts: String? { Part.echarts.scripts.first.flatMap { assets.part($0) } }

    private func curves(_ call: Call) async throws -> Answer {
        let query = try CurvesQuery(call.query)
        let curves = try await tracking.runs(for: call.caller).curves(
            of: query.keys,
            in: query.runs,
            steps: query.steps,
            limit: query.points,
            hasRanges: query.hasRanges
        )
        let count = curves.reduce(0) { $0 + $1.points.count }
        return await .dated(capacityBytes: count * 40 + curves.count * 160) { json in
            json.array("curves") { json in for curve in curves { curve.write(to: &json) } }
        }
    }

    private func chartedRuns(_ call: Call) async throws -> Answer {
        let id = try ExperimentID.parse(call.parameter("id"))
        let selection = try ChartSelection(of: id, call.query)
        let (runs, hasMore) = try await selection.load(tracking.runs(for: call.caller))
        return await .dated(capacityBytes: runs.count * 2_048) { json in
            json.array("runs") { json in for run in runs { run.writeForCharts(to: &json) } }
            json.field("has_more", hasMore)
        }
    }
}

extension Answer {
    /// An object that is true for now.
    static func dated(capacityBytes: Int, _ fields: (inout JSONWriter) -> Void) async -> Answer {
        var answer = await page(capacityBytes: capacityBytes, fields)
        answer.headers[.cacheControl] = "no-store"
        return answer
    }
}
