import Accounts
import Core

/// What somebody sees who has not signed in.
struct WelcomePage: Page {
    let visit: Visit
    let repositories: [Repository]

    private static let limit = 10

    static func load(_ visit: Visit, _ accounts: Accounts) async throws -> WelcomePage {
        let found = try await accounts.repositories(for: visit.identity).list(
            RepositorySearch(order: .stars, isDescending: true),
            PageRequest(limit: limit)
        )
        return WelcomePage(visit: visit, repositories: found.elements)
    }

    var title: String { "Welcome" }
    var styles: [String] { ["home/home.css"] }
    var ways: [Way] {
        [.json(visit.root.below("api/v1/repos/search").with("sort", "stars").with("order", "desc"))]
    }

    var body: HTML {
        """
        <section class="welcome">
        <h1>Roost</h1>
        <p>The home of a team's experiments, models, data and code.</p>
        <p><a class="button primary" href="\(visit.root["login"])">Sign in</a></p>
        </section>
        \(repositories.isEmpty ? nil : publicOnes)
        """
    }

    private var publicOnes: HTML {
        """
        <section aria-labelledby="public"><div class="row between"><h2 id="public">Public repositories</h2>\
        <a href="\(visit.root["explore"])">All of them</a></div>
        \(RepositoryRows(repositories: repositories, root: visit.root).html)
        </section>
        """
    }
}
