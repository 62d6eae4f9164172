import Accounts
import Core
import Tracking

/// The experiments of a workspace.
struct ExperimentsPage: Page {
    let visit: Visit
    let listing: ExperimentListing
    let found: ListPage<ListedExperiment>

    static func load(_ visit: Visit, from tracking: Tracking) async throws -> ExperimentsPage {
        let order = visit.query("order").flatMap(ExperimentListing.Order.init(rawValue:)) ?? .activity
        let number = try visit.query("page").map { text throws(Failure) in
            guard let number = Int(text) else { throw .invalid("'page' is a number from 1.") }
            return number
        }
        let listing = ExperimentListing(
            text: visit.query("q") ?? "",
            stage: visit.query("stage") == LifecycleStage.deleted.rawValue ? .deleted : .active,
            order: order,
            isDescending: (visit.query("direction") ?? Self.direction(of: order)) == "desc",
            page: try PageRequest(number: number ?? 1, limit: 50)
        )
        let found = try await tracking.experiments(for: visit.caller).list(listing)
        return ExperimentsPage(visit: visit, listing: listing, found: found)
    }

    var title: String { "Experiments" }
    var crumbs: [Crumb] { visit.crumbsOfWorkspace + [Crumb("Experiments")] }
    var tab: Tab? { .experiments }
    var scripts: [String] { ["experiments/list.js"] }
    var styles: [String] { ["experiments/experiments.css"] }
    var takesLong: Bool { true }

    var ways: [Way] {
        [
            .json(visit.service.below("api/2.0/mlflow/experiments/search").with("max_results", "100")),
            .python(
                """
                import mlflow

                mlflow.set_tracking_uri("\(visit.trackingURI)")
                for experiment in mlflow.search_experiments():
                    print(experiment.experiment_id, experiment.name)
                """
            ),
            .shell("MLFLOW_TRACKING_URI=\(visit.trackingURI) mlflow experiments search"),
        ]
    }

    var body: HTML {
        """
        <div class="row between"><h1>Experiments</h1>\(visit.mayWrite ? ExperimentForms(visit: visit).create : nil)</div>
        <form class="row list-filter" role="search">
        <input type="search" name="q" value="\(listing.text)" placeholder="Find by name" aria-label="Find by name" \
        aria-keyshortcuts="/" data-find>
        <select name="stage" aria-label="Which experiments">
        \(option("active", "Active"))\(option("deleted", "Deleted"))
        </select>
        <button class="button">Find</button>
        <span class="quiet small">\(found.total) \(found.total == 1 ? "experiment" : "experiments")</span>
        </form>
        \(found.elements.isEmpty ? empty : table)
        \(pager)
        """
    }

    private var table: HTML {
        """
        <div class="scroll"><table class="list experiments"><thead><tr>
        \(heading(.name, "Experiment"))\(heading(.runs, "Runs", "number"))\(heading(.activity, "Last activity", "wide-only"))
        \(heading(.created, "Created", "wide-only"))<th><span class="visually-hidden">Actions</span></th>
        </tr></thead><tbody>
        \(found.elements.map(row))
        </tbody></table></div>
        """
    }

    private func row(_ listed: ListedExperiment) -> HTML {
        let (experiment, words) = (listed.experiment, ExperimentWords(listed.experiment))
        return """
            <tr data-experiment="\(experiment.id)"><td class="experiment-name">
            <a href="\(visit.base["experiments"]["\(experiment.id)"])">\(experiment.name)</a> \(words.badges)
            \(words.summary.isEmpty ? nil : "<div class=\"quiet small clip\">\(words.summary)</div>" as HTML)\
            <div class="quiet small narrow-only">\(TimeLabel(listed.lastActivity).html)</div></td>
            <td class="number">\(listed.runCount.grouped)\(running(listed))</td>
            <td class="wide-only">\(TimeLabel(listed.lastActivity).html)</td>
            <td class="wide-only">\(TimeLabel(experiment.creationTime).html)</td>
            <td class="actions">\(visit.mayWrite ? actions(experiment) : nil)</td></tr>
            """
    }

    private func running(_ listed: ListedExperiment) -> HTML? {
        listed.runningCount == 0
            ? nil : "<div><span class=\"badge busy\">\(listed.runningCount) running</span></div>"
    }

    private func actions(_ experiment: Experiment) -> HTML {
        let forms = ExperimentForms(visit: visit)
        return experiment.stage == .active
            ? """
            <form method="post" action="\(visit.base["experiments"]["\(experiment.id)"]["delete"])" \
            data-delete="\(experiment.id)" data-name="\(experiment.name)">\
            <button class="icon-button" aria-label="Delete \(experiment.name)" title="Delete">\(Icon.delete.html)</button></form>
            """ : forms.restore(experiment)
    }

    private var empty: HTML {
        guard listing.text.isEmpty else {
            return "<p class=\"note\">No experiment has “\(listing.text)” in its name.</p>"
        }
        guard listing.stage == .active else { return "<p class=\"note\">No experiment is deleted.</p>" }
        return EmptyState(
            heading: "No experiments yet",
            text:
                "An experiment holds the runs that belong together. It is made by the first run that names it:",
            lines: """
                import mlflow

                mlflow.set_tracking_uri("\(visit.trackingURI)")
                mlflow.set_experiment("iris")
                with mlflow.start_run():
                    mlflow.log_metric("accuracy", 0.93)
                """
        ).html
    }

    private var pager: HTML? {
        let pages = (found.total + listing.page.limit - 1) / listing.page.limit
        guard pages > 1 else { return nil }
        let number = listing.page.number
        return """
            <nav class="pager" aria-label="Pages">
            \(number > 1 ? link("Previous", address.with("page", "\(number - 1)"), rel: "prev") : nil)
            <span class="quiet">Page \(number) of \(pages)</span>
            \(number < pages ? link("Next", address.with("page", "\(number + 1)"), rel: "next") : nil)
            </nav>
            """
    }

    private func link(_ text: String, _ address: Address, rel: String) -> HTML {
        "<a class=\"button\" rel=\"\(rel)\" href=\"\(address)\">\(text)</a>"
    }

    private func option(_ value: String, _ label: String) -> HTML {
        "<option value=\"\(value)\" \(value == listing.stage.rawValue ? "selected" : "")>\(label)</option>"
    }

    private func heading(_ order: ExperimentListing.Order, _ label: String, _ style: String = "") -> HTML {
        let isSorted = order == listing.order
        let next =
            isSorted
            ? (listing.isDescending ? "asc" : "desc") : Self.direction(of: order)
        let sort: HTML = isSorted ? "aria-sort=\"\(listing.isDescending ? "descending" : "ascending")\"" : ""
        return """
            <th class="\(style)" \(sort)><a href="\(filtered.with("order", order.rawValue).with("direction", next))">\
            \(label)\(isSorted ? (listing.isDescending ? " ↓" : " ↑") : "")</a></th>
            """
    }

    /// People look for the newest and the most, but for names from their beginning.
    private static func direction(of order: ExperimentListing.Order) -> String {
        order == .name ? "asc" : "desc"
    }

    private var filtered: Address {
        visit.base["experiments"].with("q", listing.text.isEmpty ? nil : listing.text)
            .with("stage", listing.stage == .deleted ? "deleted" : nil)
    }

    private var address: Address {
        filtered.with("order", visit.query("order")).with("direction", visit.query("direction"))
    }
}

extension Visit {
    /// The way to the workspace that the page is in.
    var crumbsOfWorkspace: [Crumb] {
        guard let repository else { return [] }
        return [Crumb(repository.owner, root[repository.owner]), Crumb(repository.name, base)]
    }

    var crumbsOfExperiments: [Crumb] { crumbsOfWorkspace + [Crumb("Experiments", base["experiments"])] }

    func crumbs(ofExperiment experiment: Experiment) -> [Crumb] {
        crumbsOfExperiments + [Crumb(experiment.name, address(ofExperiment: experiment.id))]
    }
}
