import Accounts
import Core
import Repositories

/// A repository as people meet it: its files, what it says of itself, and what was made of it.
struct FrontPage: Page {
    struct Files: Sendable {
        let view: FolderView
        let switcher: RefSwitcher
        let branchCount: Int
        let tagCount: Int
    }

    let repository: RepositoryVisit
    let header: RepositoryHeader
    /// How a fork stands to what it was made of.
    let upstream: UpstreamNote?
    /// What has not come of what was to come into it.
    let arrival: ArrivalNote?
    let side: SideColumn
    /// Nil where nothing was pushed yet.
    let files: Files?

    var title: String { repository.place.fullName }
    var crumbs: [Crumb] {
        [
            Crumb(repository.place.owner, repository.visit.root[repository.place.owner]),
            Crumb(repository.place.name),
        ]
    }
    var tab: Tab? { .code }
    var scripts: [String] {
        FolderView.scripts + (arrival?.arrival.state == .underWay ? ["repository/arrival.js"] : [])
    }
    var styles: [String] { FolderView.styles }
    var ways: [Way] {
        [
            .json(repository.api), .shell("git clone \(repository.cloneAddress)"),
            .python("import mlflow\n\nmlflow.set_tracking_uri(\"\(repository.visit.trackingURI)\")"),
        ]
    }

    var body: HTML {
        """
        \(header.html)
        \(upstream?.html)\(arrival?.html)
        <div class="columns"><div>
        \(files.map(shown) ?? (arrival == nil ? EmptyRepository(repository: repository).html : nil))
        </div>\(side.html)</div>
        """
    }

    private func shown(_ files: Files) -> HTML {
        let base = repository.visit.base
        return """
            <div class="row path-row">\(files.switcher.html)
            <a class="quiet" href="\(base["branches"])">\(count(files.branchCount, "branch", "branches"))</a>
            <a class="quiet" href="\(base["tags"])">\(count(files.tagCount, "tag", "tags"))</a>
            <span class="row end">\(files.view.actions)\(CloneBox(repository: repository).html)</span></div>
            \(files.view.html)
            """
    }

    private func count(_ count: Int, _ one: String, _ many: String) -> String {
        let shown = count == RefSwitcher.most ? "\(count)+" : "\(count)"
        return "\(shown) \(count == 1 ? one : many)"
    }
}
