import Core
import HTTP
import Tracking

/// The models that were logged to an experiment, the newest first.
struct LoggedModelsPage: Page {
    private static let limit = 50
    /// More metrics of one model are on its own page.
    private static let mostMetrics = 4

    let visit: Visit
    let experiment: Experiment
    let models: [LoggedModel]
    let filter: String?
    let next: String?
    /// What is wrong with the filter, in MLflow's words.
    let mistake: String?

    static func load(_ visit: Visit, _ web: Web) async throws -> LoggedModelsPage {
        let id = try ExperimentID.parse(visit.call.parameter("id"))
        let experiment = try await web.tracking.experiments(for: visit.caller).get(id)
        let filter = visit.query("filter")
        do {
            let found = try await web.tracking.loggedModels(for: visit.caller).search(
                LoggedModelSearch(
                    experimentIDs: [id],
                    filter: filter,
                    datasets: [],
                    orderBy: [],
                    limit: limit,
                    pageToken: visit.query("page_token")
                )
            )
            return LoggedModelsPage(
                visit: visit,
                experiment: experiment,
                models: found.models,
                filter: filter,
                next: found.next,
                mistake: nil
            )
        } catch let failure as Failure where failure.code == .invalidParameter {
            return LoggedModelsPage(
                visit: visit,
                experiment: experiment,
                models: [],
                filter: filter,
                next: nil,
                mistake: failure.message
            )
        }
    }

    private var address: Address { visit.address(ofExperiment: experiment.id)["models"] }

    var title: String { "Models · \(experiment.name)" }

    var crumbs: [Crumb] { visit.crumbs(ofExperiment: experiment) + [Crumb("Models")] }

    var tab: Tab? { .experiments }
    var styles: [String] { ["runs/run.css"] }

    var ways: [Way] {
        [
            .python(
                """
                import mlflow

                mlflow.set_tracking_uri("\(visit.trackingURI)")
                models = mlflow.search_logged_models(experiment_ids=["\(experiment.id)"])
                """
            ),
            .shell(
                """
                curl\(Way.credentials(visit)) -X POST -H 'Content-Type: application/json' -d '{"experiment_ids": ["\(experiment.id)"]}' \
                  \(ShellWord("\(visit.serverOrigin)\(visit.service.below("api/2.0/mlflow/logged-models/search"))").text)
                """
            ),
        ]
    }

    var body: HTML {
        """
        <h1>Models of \(experiment.name)</h1>
        \(models.isEmpty && filter == nil ? nothing : "\(search)\(models.isEmpty ? none : table)\(pager)")
        """
    }

    private var search: HTML {
        """
        <form class="row run-search" role="search" method="get" action="\(address)">
        <label class="visually-hidden" for="model-filter">Filter</label>
        <input id="model-filter" type="search" name="filter" value="\(filter ?? "")" \
        placeholder="params.depth = '3'" spellcheck="false" autocomplete="off">
        <button class="button">Find</button></form>
        \(mistake.map { "<p class=\"note bad\" role=\"alert\">\($0)</p>" as HTML })
        """
    }

    private var none: HTML? {
        mistake == nil ? "<p>No model is like that. <a href=\"\(address)\">All models</a></p>" : nil
    }

    private var table: HTML {
        """
        <div class="scroll" tabindex="0" role="region" aria-label="Logged models"><table class="list dense">
        <thead><tr><th scope="col">Model</th><th scope="col">State</th><th scope="col">Logged</th>\
        <th scope="col">Run</th><th scope="col">Metrics</th></tr></thead><tbody>\(models.map(row))</tbody></table></div>
        """
    }

    private func row(_ model: LoggedModel) -> HTML {
        let metrics = model.metrics.prefix(Self.mostMetrics).map { point in
            "<div>\(point.metric.key) <span class=\"mono\">\(MetricNumber(value: point.metric.value).text)</span></div>"
                as HTML
        }
        let hidden = model.metrics.count - metrics.count
        return """
            <tr><td><a href="\(visit.address(ofLoggedModel: model.id))">\(model.name)</a></td><td>\(model.badge)</td>\
            <td>\(TimeLabel(model.creationTime).html)</td><td>\(model.sourceRunID.map(run))</td><td>\(metrics)\(ListEnd(hidden: hidden).html)</td></tr>
            """
    }

    private func run(_ id: String) -> HTML {
        guard !id.isEmpty else { return .empty }
        return "<a href=\"\(visit.address(ofRun: id))\">\(RunMark(id).html)\(id.prefix(8))</a>"
    }

    private var pager: HTML? {
        next.map { token in
            """
            <p class="pager"><a class="button" rel="next" \
            href="\(address.with("filter", filter).with("page_token", token))">Older models</a></p>
            """
        }
    }

    private var nothing: HTML {
        EmptyState(
            heading: "No models yet",
            text: "Models that runs of this experiment log are kept here, with their signatures and metrics.",
            lines: """
                import mlflow

                mlflow.set_tracking_uri("\(visit.trackingURI)")
                mlflow.set_experiment(experiment_id="\(experiment.id)")
                mlflow.sklearn.log_model(model, name="forest", input_example=X[:2])
                """
        ).html
    }
}
