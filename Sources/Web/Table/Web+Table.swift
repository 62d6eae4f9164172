import Accounts
import Core
import HTTP
import HTTPTypes
import Hummingbird
import NIOCore
import Tracking

extension Web {
    var tableEndpoints: [Endpoint] {
        [
            Endpoint(.get, "experiments/:id", in: .workspacePages, needs: .read) { call in
                try await answerTable(visit(call))
            },
            Endpoint(.get, "experiments/:id/rows.json", in: .workspacePages, needs: .read) { call in
                try await answerRows(TableRequest(visit(call)), for: call.caller)
            },
            Endpoint(.get, "experiments/:id/cells.json", in: .workspacePages, needs: .read) { call in
                try await answerCells(call)
            },
            Endpoint(.get, "experiments/:id/count.json", in: .workspacePages, needs: .read) { call in
                let request = try TableRequest(visit(call))
                let count = try await tracking.runs(for: call.caller).count(request.selection)
                return .json { $0.field("count", count) }
            },
            Endpoint(.get, "experiments/:id/names.json", in: .workspacePages, needs: .read) { call in
                try await answerNames(TableRequest(visit(call)), for: call.caller)
            },
            Endpoint(.get, "experiments/:id/values.json", in: .workspacePages, needs: .read) { call in
                try await answerValues(visit(call))
            },
            Endpoint(.get, "experiments/:id/summaries.json", in: .workspacePages, needs: .read) { call in
                try await answerSummaries(visit(call))
            },
            Endpoint(.get, "experiments/:id/runs.csv", in: .workspacePages, needs: .read) { call in
                try await answerCSV(visit(call))
            },
        ]
    }

    /// The page; where its address says nothing, as the view that was chosen for that.
    private func answerTable(_ visit: Visit) async throws -> Answer {
        let address = visit.base["experiments"][visit.call.parameter("id")]
        if let standard = try await standardView(
            "experiments/\(try visit.experimentID)",
            of: address,
            for: visit
        ) {
            return standard
        }
        let page = try await ExperimentPage.load(visit, from: tracking)
        // The runs of a deleted experiment are deleted, too.
        if page.listed.experiment.stage == .deleted, visit.query("view") == nil {
            return .redirect(to: address.with("view", "deleted").text)
        }
        return await answer(page, for: visit)
    }

    private func answerRows(_ request: TableRequest, for caller: Caller) async throws -> Answer {
        let columns = request.columns ?? []
        let page = try await tracking.runs(for: caller).table(
            request.search(after: request.after, limit: request.limit),
            columns: RunColumns(columns),
            passing: request.passing
        )
        let rows = TableRows(columns: columns, page: page)
        return await .page(capacityBytes: page.rows.count * (100 + columns.count * 12)) {
            rows.write(to: &$0)
        }
    }

    /// Runs by their ids, for those that began meanwhile.
    private func answerCells(_ call: Call) async throws -> Answer {
        let columns = try TableRequest(visit(call)).columns ?? []
        let ids = try visit(call).namedRuns
        let found = try await tracking.runs(for: call.caller).cells(of: ids, columns: RunColumns(columns))
        let rows = TableRows(columns: columns, page: RunTablePage(rows: found, next: nil))
        return .json(capacityBytes: 256 + found.count * 200) { rows.write(to: &$0) }
    }

    private func answerNames(_ request: TableRequest, for caller: Caller) async throws -> Answer {
        let (names, sampled) = try await tracking.runs(for: caller).knownNames(
            in: request.experiment,
            viewType: request.viewType
        )
        return await .page(capacityBytes: names.count * 48) { json in
            json.field("sampled", sampled)
            json.array("names") { json in
                for name in names {
                    json.array { json in
                        json.value(name.column.word)
                        json.value(Int64(name.runCount))
                        json.value(name.differs)
                    }
                }
            }
        }
    }

    private func answerValues(_ visit: Visit) async throws -> Answer {
        let (request, field) = (try TableRequest(visit), try visit.countedField)
        let values = try await tracking.runs(for: visit.caller).values(
            of: field,
            request.selection,
            limit: request.limit
        )
        return .json { json in
            json.array("values") { json in
                for value in values {
                    json.array { json in
                        if let text = value.value { json.value(text) } else { json.null() }
                        json.value(Int64(value.runCount))
                    }
                }
            }
        }
    }

    private func answerSummaries(_ visit: Visit) async throws -> Answer {
        let (request, field) = (try TableRequest(visit), try visit.countedField)
        let metrics = RunColumns(request.columns ?? []).metrics
        let summaries = try await tracking.runs(for: visit.caller).summaries(
            by: field,
            request.selection,
            of: metrics,
            limit: request.limit
        )
        return await .page(capacityBytes: summaries.count * 120) { json in
            json.array("summaries") { json in
                for summary in summaries {
                    json.array { json in
                        if let value = summary.value { json.value(value) } else { json.null() }
                        json.value(TableColumn(.metric(summary.metric)).word)
                        json.value(Int64(summary.runCount))
                        json.value(summary.mean)
                        json.value(summary.least)
                        json.value(summary.greatest)
                    }
                }
            }
        }
    }

    private func answerCSV(_ visit: Visit) async throws -> Answer {
        let request = try TableRequest(visit)
        let columns = try await ExperimentPage.columns(of: request, for: visit.caller, in: tracking)
        let csv = TableCSV(columns)
        let store = tracking.runs(for: visit.caller)
        let wanted = RunColumns(csv.columns)
        let named = try visit.namedRuns
        let first =
            named.isEmpty
            ? try await store.table(request.search(after: nil, limit: TableCSV.pageSize), columns: wanted)
            : RunTablePage(rows: try await store.cells(of: named, columns: wanted), next: nil)
        let body = ResponseBody { writer in
            try await writer.write(ByteBuffer(string: csv.head))
            var page = first
            while true {
                try await writer.write(ByteBuffer(string: csv.lines(page.rows)))
                guard let next = page.next else { break }
                page = try await store.table(
                    request.search(after: next, limit: TableCSV.pageSize),
                    columns: wanted
                )
            }
            try await writer.finish(nil)
        }
        return Answer(
            headers: [
                .contentType: "text/csv; charset=utf-8",
                .contentDisposition: "attachment; filename=\"experiment-\(request.experiment)-runs.csv\"",
                .cacheControl: "no-store", .xContentTypeOptions: "nosniff",
            ],
            body: body
        )
    }
}

extension Visit {
    /// The runs that an address names one by one.
    fileprivate var namedRuns: [String] {
        get throws(Failure) {
            let ids = call.query.all("run")
            guard ids.count <= TableRequest.mostRows else {
                throw .invalid("Name at most \(TableRequest.mostRows) runs by run=….")
            }
            return ids
        }
    }

    fileprivate var countedField: String {
        get throws(Failure) {
            guard let field = query("field") else { throw .invalid("'field' names what is counted.") }
            return field
        }
    }
}

extension RunStore.KnownName {
    var column: TableColumn {
        switch kind {
        case .metric: TableColumn(.metric(name))
        case .param: TableColumn(.param(name))
        case .tag: TableColumn(.tag(name))
        }
    }
}
