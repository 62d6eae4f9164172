import Accounts
import Core
import HTTP
import Tracking

/// An experiment with the table of its runs.
///
/// The first rows are in the markup, with links for what scripts do better; `table/table.js` takes them over.
struct ExperimentPage: Page {
    let visit: Visit
    let listed: ListedExperiment
    let request: TableRequest
    let columns: [TableColumn]
    let rows: [RunCells]
    let next: String?
    /// What is wrong with the filter or the order; nothing is found then.
    let failure: Failure?

    static func load(_ visit: Visit, from tracking: Tracking) async throws -> ExperimentPage {
        let request = try TableRequest(visit)
        async let listed = tracking.experiments(for: visit.caller).counted(request.experiment)
        let columns = try await columns(of: request, for: visit.caller, in: tracking)
        var page = RunTablePage(rows: [], next: nil)
        var failure: Failure?
        do {
            page = try await tracking.runs(for: visit.caller).table(
                request.search(after: request.after, limit: TableRequest.standardLimit),
                columns: RunColumns(columns)
            )
        } catch let error as Failure where error.code == .invalidParameter {
            failure = error
        }
        return ExperimentPage(
            visit: visit,
            listed: try await listed,
            request: request,
            columns: columns,
            rows: page.rows,
            next: page.next,
            failure: failure
        )
    }

    private static let mostChosen = 6

    /// The columns of an address; where it names none, some that tell most.
    static func columns(
        of request: TableRequest,
        for caller: Caller,
        in tracking: Tracking
    ) async throws -> [TableColumn] {
        if let columns = request.columns { return columns }
        let (names, _) = try await tracking.runs(for: caller).knownNames(
            in: request.experiment,
            viewType: request.viewType
        )
        let metrics = names.filter { $0.kind == .metric && !$0.name.hasPrefix("system/") }
        let params = names.filter { $0.kind == .param }
        return [.name, .created, .duration, .user].map { TableColumn(.attribute($0)) }
            + chosen(metrics).map(\.column) + chosen(params).map(\.column)
    }

    /// Those that differ go first, as what is alike everywhere tells nothing; then those that most runs have.
    private static func chosen(_ names: [RunStore.KnownName]) -> [RunStore.KnownName] {
        let places = names.enumerated().sorted {
            ($1.element.differs ? 1 : 0, $1.element.runCount, $0.offset)
                < ($0.element.differs ? 1 : 0, $0.element.runCount, $1.offset)
        }
        return places.prefix(mostChosen).sorted { $0.offset < $1.offset }.map(\.element)
    }

    var title: String { listed.experiment.name }
    var tab: Tab? { .experiments }
    var isWide: Bool { true }
    var takesLong: Bool { true }
    var scripts: [String] { ["table/table.js"] }
    var styles: [String] { ["experiments/experiments.css", "table/table.css"] }

    var crumbs: [Crumb] {
        visit.crumbsOfExperiments + [Crumb(listed.experiment.name)]
    }

    var ways: [Way] {
        let filter = request.filter.map { ", filter_string=\(PythonText.repr($0))" } ?? ""
        // MLflow's clients know no order by duration.
        let terms = request.order.filter { !$0.hasPrefix("attributes.duration") }
        let order =
            terms.isEmpty ? "" : ", order_by=[\(terms.map { PythonText.repr($0) }.joined(separator: ", "))]"
        return [
            .json(address("rows.json")),
            .python(
                """
                import mlflow

                mlflow.set_tracking_uri("\(visit.trackingURI)")
                runs = mlflow.search_runs(experiment_ids=["\(listed.experiment.id)"]\(filter)\(order))
                """
            ),
            .shell("curl -o runs.csv '\(visit.serverOrigin)\(address("runs.csv"))'"),
        ]
    }

    var body: HTML { "\(ExperimentHeader(visit: visit, listed: listed).html)\(runs)" }

    private var runs: HTML {
        """
        <section id="run-table" class="run-table" aria-label="Runs" data-experiment="\(listed.experiment.id)" \
        data-columns="\(columns.map(\.word).joined(separator: ","))" data-chosen="\(request.columns == nil ? "no" : "yes")" \
        data-first="\(first)" data-count="\(listed.runCount)" data-last="\(listed.lastActivity)" data-tracking="\(visit.trackingURI)" \
        data-failure="\(failure?.message ?? "")">
        <form class="row table-bar" role="search">
        <input type="search" name="filter" value="\(request.filter ?? "")" aria-label="Filter" \
        placeholder="metrics.accuracy &gt; 0.9 AND params.lr = '0.1'">
        <button class="button">Filter</button>
        </form>
        \(failure.map { "<p class=\"note bad\">\($0.message)</p>" as HTML })
        \(rows.isEmpty ? empty : table)
        </section>
        """
    }

    private var table: HTML {
        let wanted = RunColumns(columns)
        let places = columns.map { $0.place(in: wanted) }
        return """
            <div class="plain-table" tabindex="0" role="region" aria-label="Runs"><table class="list"><thead><tr>
            \(columns.map(heading))
            </tr></thead><tbody>
            \(rows.map { row in
                "<tr>\(zip(columns, places).map { cell($0, row, at: $1) })</tr>\n" as HTML
            })
            </tbody></table></div>
            \(next.map { "<nav class=\"pager\"><a class=\"button\" href=\"\(address().with("after", $0))\">Next</a></nav>" as HTML })
            """
    }

    private func heading(_ column: TableColumn) -> HTML {
        let style: HTML = column.isNumber ? "class=\"number\"" : ""
        guard let name = column.orderName else { return "<th \(style)>\(column.label)</th>" }
        let descending = name + " DESC"
        let next = request.order.first == descending ? name + " ASC" : descending
        return "<th \(style)><a href=\"\(address(order: [next]))\">\(column.label)</a></th>"
    }

    private func cell(_ column: TableColumn, _ row: RunCells, at place: Int?) -> HTML {
        let text = column.text(of: row, at: place)
        switch column.source {
        case .attribute(.name):
            return """
                <td><a href="\(visit.base["runs"][row.info.id])">\(row.info.shownName.html)</a> \
                <span class="quiet small">\(row.info.status.word.lowercased())</span></td>
                """
        case .attribute(.created): return "<td>\(TimeLabel(row.info.startTime).html)</td>"
        case .attribute(.duration):
            let span = row.info.endTime.map { Span(from: row.info.startTime, to: $0).text }
            return "<td class=\"number\">\(span ?? "")</td>"
        case .metric:
            return "<td class=\"number\">\(Double(text).map { MetricNumber(value: $0).text } ?? "")</td>"
        case .attribute, .param, .tag: return "<td>\(text.shortened(to: 200))</td>"
        }
    }

    private var empty: HTML {
        guard request.filter == nil, failure == nil, listed.experiment.stage == .active else {
            return failure == nil ? "<p class=\"note\">No run is found.</p>" : ""
        }
        let empty = EmptyState(
            heading: "No runs yet",
            text: "Runs show here as soon as they begin. These lines log one:",
            lines: """
                import mlflow

                mlflow.set_tracking_uri("\(visit.trackingURI)")
                mlflow.set_experiment(experiment_id="\(listed.experiment.id)")
                with mlflow.start_run():
                    mlflow.log_param("lr", 0.1)
                    mlflow.log_metric("accuracy", 0.93)
                """
        ).html
        return "\(empty)<p><a href=\"\(address().with("view", "deleted"))\">Runs that were deleted</a></p>"
    }

    /// The first rows for the script, which need not be asked for once more.
    private var first: String {
        var json = JSONWriter(capacityBytes: 256 + rows.count * 200)
        json.object { json in
            TableRows(columns: columns, page: RunTablePage(rows: rows, next: next)).write(to: &json)
        }
        return json.withBytes { String(decoding: $0, as: UTF8.self) }
    }

    private func address(_ below: String? = nil, order: [String]? = nil) -> Address {
        var address = visit.base["experiments"]["\(listed.experiment.id)"]
        if let below { address = address[below] }
        address = address.with("filter", request.filter)
        for term in order ?? request.order { address = address.with("order", term) }
        return address.with("view", visit.query("view"))
            .with("columns", below == "rows.json" || request.columns != nil ? columnWords : nil)
    }

    private var columnWords: String { columns.map(\.word).joined(separator: ",") }
}
