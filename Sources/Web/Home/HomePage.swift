import Accounts
import Core
import Tracking

/// Where somebody begins: what runs, what happened, what is theirs, and how to log a first run.
struct HomePage: Page {
    let visit: Visit
    let places: Places
    let running: [OverviewStore.PlacedRun]
    let hasMoreRunning: Bool
    let experiments: [OverviewStore.PlacedExperiment]
    let news: News

    private static let mostRuns = 20
    private static let mostExperiments = 8
    private static let mostRepositories = 12

    static func load(_ visit: Visit, _ web: Web) async throws -> HomePage {
        let places = try await Places.load(visit, web.accounts)
        let overview = web.tracking.overview(for: places.callers(visit))
        async let running = overview.runningRuns(limit: mostRuns + 1)
        async let experiments = overview.recentExperiments(limit: mostExperiments)
        async let runEvents = overview.events(News.runKinds, limit: News.mostRunEvents)
        async let otherEvents = overview.events(News.otherKinds, limit: News.mostOtherEvents)
        return try await HomePage(
            visit: visit,
            places: places,
            running: Array(running.prefix(mostRuns)),
            hasMoreRunning: running.count > mostRuns,
            experiments: experiments,
            news: News(runEvents + otherEvents)
        )
    }

    var title: String { "Home" }
    var scripts: [String] { ["home/home.js"] }
    var styles: [String] { ["home/home.css"] }

    var ways: [Way] {
        [
            .json(
                Address(visit.settings.prefix).below("api/2.0/mlflow/experiments/search").with(
                    "max_results",
                    "20"
                )
            )
        ]
    }

    var body: HTML {
        """
        <h1 class="visually-hidden">Home</h1>
        \(places.hasDefault ? doors : nil)
        <div id="home">\(live)</div>
        """
    }

    /// What changes while somebody looks; the script puts it anew.
    private var live: HTML {
        """
        <div class="columns home">
        <div>
        \(isNew ? FirstSteps(visit: visit).html : activity)
        </div>
        <aside class="stack" aria-label="What is mine">
        \(experimentCard)
        \(repositoryCard)
        \(places.starred.elements.isEmpty ? nil : Card("Stars", repositoryList(places.starred, "stars")).html)
        </aside>
        </div>
        """
    }

    private var isNew: Bool { running.isEmpty && news.lines.isEmpty && places.repositories.elements.isEmpty }

    /// The ways into the default workspace.
    private var doors: HTML {
        """
        <nav class="doors" aria-label="Default workspace">
        <a class="door" href="\(visit.root["experiments"])">\(Icon.experiment.html)<span><strong>Experiments</strong> \
        <span class="quiet small">Runs, charts and comparisons</span></span></a>
        <a class="door" href="\(visit.root["models"])">\(Icon.model.html)<span><strong>Models</strong> \
        <span class="quiet small">Versions, aliases and approvals</span></span></a>
        <a class="door" href="\(visit.root["explore"])">\(Icon.folder.html)<span><strong>Explore</strong> \
        <span class="quiet small">Repositories of this server</span></span></a>
        </nav>
        """
    }

    private var activity: HTML {
        """
        <section aria-labelledby="running"><h2 id="running">Running now</h2>
        \(running.isEmpty ? "<p class=\"quiet\">Nothing runs.</p>" : runs)
        </section>
        <section aria-labelledby="news"><h2 id="news">What happened</h2>
        \(news.lines.isEmpty ? "<p class=\"quiet\">Nothing yet.</p>" : happened)
        </section>
        """
    }

    private var runs: HTML {
        """
        <div class="scroll"><table class="list running"><thead><tr><th scope="col">Run</th><th scope="col">Experiment</th>\
        <th scope="col" class="wide-only">By</th><th scope="col">Started</th></tr></thead><tbody>\(running.compactMap(row))</tbody></table></div>
        \(ListEnd(hidden: hasMoreRunning ? nil : 0).html)
        """
    }

    private func row(_ run: OverviewStore.PlacedRun) -> HTML? {
        guard let place = places[run.workspace] else { return nil }
        return """
            <tr><td><span class="pulse" aria-hidden="true"></span><a href="\(place.base["runs"][run.id])"><strong>\(ShownName(run.name, id: run.id).html)</strong></a></td>
            <td><a href="\(place.base["experiments"]["\(run.experimentID)"])">\(run.experimentName)</a>\
            \(place.name.map { "<div class=\"quiet small\">\($0)</div>" as HTML })</td>
            <td class="wide-only">\(run.userID)</td><td class="nowrap">\(TimeLabel(run.startTime).html)</td></tr>
            """
    }

    private var happened: HTML {
        let lines = news.lines.compactMap { line in places[line.newest.workspace].map { line.html(in: $0) } }
        return "<ol class=\"timeline\">\(lines)</ol>"
    }

    private var experimentCard: HTML? {
        let shown = experiments.compactMap { experiment in
            places[experiment.workspace].map { place in
                """
                <li><a href="\(place.base["experiments"]["\(experiment.id)"])">\(experiment.name)</a> \
                <span class="quiet small">\(place.name ?? "") \(TimeLabel(experiment.activeMs).html)</span></li>
                """ as HTML
            }
        }
        return shown.isEmpty ? nil : Card("Recent experiments", "<ul class=\"plain\">\(shown)</ul>").html
    }

    private var repositoryCard: HTML {
        let new: HTML = "<a class=\"button small\" href=\"\(visit.root["new"])\">\(Icon.add.html) New</a>"
        guard !places.repositories.elements.isEmpty else {
            return Card(
                "My repositories",
                "<p class=\"quiet small\">A repository keeps code, data, experiments and models of a project together.</p>",
                new
            ).html
        }
        return Card("My repositories", repositoryList(places.repositories, nil), new).html
    }

    private func repositoryList(_ list: ListPage<Repository>, _ tab: String?) -> HTML {
        let rows = list.elements.prefix(Self.mostRepositories).map { repository in
            let place = repository.place
            let icon = place.isPublic ? Icon.folder : .lock
            return """
                <li>\(icon.html) <a href="\(visit.root[place.owner][place.name])">\(place.fullName)</a>\
                \(place.isPublic ? nil : "<span class=\"visually-hidden\"> (private)</span>" as HTML?)</li>
                """ as HTML
        }
        // The own profile has what one owns, not what others have opened to one.
        let all = tab.map { visit.root[visit.identity.login].with("tab", $0) }
        return
            "<ul class=\"plain\">\(rows)</ul>\(ListEnd(hidden: list.total - rows.count, address: all).html)"
    }
}
