import Accounts
import Core

/// The public repositories of the server, to look through.
struct ExplorePage: Page {
    let visit: Visit
    let text: String
    let topic: String?
    let order: RepositorySearch.Order
    let page: PageRequest
    let found: ListPage<Repository>
    /// The most used.
    let topics: ListPage<(topic: String, count: Int)>

    private static let orders: [(RepositorySearch.Order, String)] = [
        (.stars, "Most stars"), (.updated, "Last changed"), (.created, "Newest"), (.name, "Name"),
    ]
    private static let mostTopics = 30

    static func load(_ visit: Visit, _ accounts: Accounts) async throws -> ExplorePage {
        // What is private is found at home; where nobody signs in, all is the local person's own.
        let store = accounts.repositories(for: visit.settings.hasAccounts ? .anonymous : visit.identity)
        let order = visit.query("sort").flatMap(RepositorySearch.Order.init(rawValue:)) ?? .stars
        let page = try PageRequest(number: visit.query("page").flatMap { Int($0) } ?? 1)
        let search = RepositorySearch(
            text: visit.query("q") ?? "",
            topic: visit.query("topic"),
            order: order,
            isDescending: order != .name
        )
        async let found = store.list(search, page)
        async let topics = store.topics(containing: "", PageRequest(limit: mostTopics))
        return try await ExplorePage(
            visit: visit,
            text: visit.query("q") ?? "",
            topic: visit.query("topic"),
            order: order,
            page: page,
            found: found,
            topics: topics
        )
    }

    private var address: Address { visit.root["explore"] }

    private func address(topic: String?, page: Int? = nil) -> Address {
        address.with("q", text.isEmpty ? nil : text).with("topic", topic)
            .with("sort", order == .stars ? nil : order.rawValue).with("page", page.map { "\($0)" })
    }

    var title: String { "Explore" }
    var crumbs: [Crumb] { [Crumb("Explore")] }
    var styles: [String] { ["home/home.css"] }

    var ways: [Way] {
        [
            .json(
                visit.root.below("api/v1/repos/search").with("q", text.isEmpty ? nil : text)
            )
        ]
    }

    var body: HTML {
        """
        <h1>Explore</h1>
        <div class="columns">
        <div>
        \(search)
        <p class="quiet small" role="status">\(found.total) \(found.total == 1 ? "repository" : "repositories")\
        \(topic.map { " of the topic <strong>\($0)</strong> (<a href=\"\(address(topic: nil))\">all topics</a>)" as HTML })</p>
        \(found.elements.isEmpty ? empty : RepositoryRows(repositories: found.elements, root: visit.root).html)
        \(pager)
        </div>
        <aside aria-label="Topics">\(topics.elements.isEmpty ? nil : topicCard)</aside>
        </div>
        """
    }

    private var search: HTML {
        """
        <form method="get" action="\(address)" class="row explore-search" role="search">
        \(topic.map { "<input type=\"hidden\" name=\"topic\" value=\"\($0)\">" as HTML })
        <input type="search" name="q" value="\(text)" aria-label="A part of the name or the description" placeholder="Name or description">
        <select name="sort" aria-label="Order">\(Self.orders.map { order, label in
            "<option value=\"\(order.rawValue)\"\(order == self.order ? " selected" : "" as HTML)>\(label)</option>" as HTML
        })</select>
        <button class="button">Search</button></form>
        """
    }

    private var empty: HTML {
        text.isEmpty && topic == nil
            ? EmptyState(
                heading: "No public repository yet",
                text: "Repositories that are made public are listed here for everybody."
            ).html
            : "<p class=\"quiet\">Nothing fits.</p>"
    }

    private var topicCard: HTML {
        """
        <section class="card"><header><h2>Topics</h2></header><div class="body row">\(topics.elements.map { topic, count in
            """
            <a class="badge\(topic == self.topic ? " accent" : "" as HTML)" href="\(address(topic: topic))">\(topic) <span class="quiet">\(count)</span></a>
            """ as HTML
        })\(ListEnd(hidden: topics.total - topics.elements.count).html)</div></section>
        """
    }

    private var pager: HTML? {
        let hasNext = page.number * page.limit < found.total
        guard page.number > 1 || hasNext else { return nil }
        return """
            <p class="pager">
            \(page.number > 1 ? "<a class=\"button\" rel=\"prev\" href=\"\(address(topic: topic, page: page.number - 1))\">Before</a>" : nil)
            \(hasNext ? "<a class=\"button\" rel=\"next\" href=\"\(address(topic: topic, page: page.number + 1))\">More</a>" : nil)
            </p>
            """
    }
}
