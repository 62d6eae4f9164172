import Accounts
import Core
import Repositories

/// The branches of a repository: what was committed last, and how far each is from the default one.
struct BranchesPage: Page {
    struct Row: Sendable {
        let branch: Branch
        let commit: Commit
        /// From the default branch; nil for that one, where there is none, and where there was no time to count.
        let divergence: Divergence?
        let isProtected: Bool
    }

    let repository: RepositoryVisit
    let rows: [Row]
    /// Whether it could be counted in time how far all of them have parted.
    let isCounted: Bool
    let total: Int
    /// Whether there are so many that not all were read.
    let isCut: Bool
    let search: String
    let page: Int
    /// Why something could not be done.
    let refusal: String?
    /// What was deleted a moment ago, and where it was: the commit is still there.
    let deleted: Deleted?

    struct Deleted: Sendable {
        let name: BranchName
        let commit: ObjectID
    }

    static let rowsPerPage = 50

    var title: String { "Branches · \(repository.place.fullName)" }
    var crumbs: [Crumb] { repository.crumbs + [Crumb("Branches")] }
    var tab: Tab? { .code }
    var styles: [String] { ["repository/repository.css"] }
    var ways: [Way] {
        [.json(repository.api["branches"]), .shell("git ls-remote --heads \(repository.cloneAddress)")]
    }

    var body: HTML {
        """
        <div class="row between"><h1>Branches <span class="quiet">\(total)\(isCut ? "+" : "")</span></h1>
        <nav class="row" aria-label="Refs"><a class="button" href="\(repository.visit.base["tags"])">Tags</a></nav></div>
        \(refusal.map { "<p class=\"note bad\" role=\"alert\">\($0)</p>" as HTML })
        \(deleted.map(restoration))
        <form class="row search" role="search"><input type="search" name="q" value="\(search)" aria-label="Find a branch" \
        placeholder="Find a branch"><button class="button">Find</button></form>
        \(repository.visit.mayWrite ? creation : nil)
        \(isCounted ? nil : "<p class=\"note warn\">The histories are long: it was not counted of all branches how far they have parted.</p>")
        \(rows.isEmpty ? none : table)
        \(PageTurner(page: page, hasMore: page * Self.rowsPerPage < total, query: [("q", search.isEmpty ? nil : search)]).html)
        """
    }

    private var none: HTML {
        search.isEmpty
            ? EmptyState(
                heading: "No branches yet",
                text: "A branch appears with the first commit that is pushed.",
                lines: "git push -u origin main"
            ).html : "<p>No branch has '\(search)' in its name.</p>"
    }

    private var creation: HTML {
        """
        <details class="creation"><summary class="button small">\(Icon.add.html) New branch</summary>
        <form method="post" action="\(repository.visit.base["branches"])" class="row">
        <label>Name <input name="name" required maxlength="250"></label>
        <label>From <input name="from" placeholder="the default branch"></label>
        <button class="button primary">Create</button></form></details>
        """
    }

    private var table: HTML {
        """
        <div class="scroll branches"><table class="list"><thead><tr><th scope="col">Branch</th><th scope="col">Last commit</th>
        <th scope="col">When</th><th scope="col">Ahead and behind</th><th scope="col"><span class="visually-hidden">Actions</span></th></tr></thead>
        <tbody>\(rows.map(row))</tbody></table></div>
        """
    }

    private func row(_ row: Row) -> HTML {
        let (branch, addresses) = (row.branch, repository.addresses)
        let revision = ResolvedRevision(kind: .branch(branch.name), commit: branch.commit)
        return """
            <tr><td><a href="\(addresses[.src, revision])">\(branch.name.text)</a>
            \(branch.isDefault ? "<span class=\"badge accent\">default</span>" : nil)
            \(row.isProtected ? "<span class=\"badge\">\(Icon.lock.html) protected</span>" : nil)</td>
            <td><a href="\(addresses.commit(branch.commit))">\(row.commit.summary)</a> <span class="quiet">\(row.commit.author.name)</span></td>
            <td>\(TimeLabel(row.commit.committer.seconds * 1_000).html)</td>
            <td class="nowrap">\(row.divergence.map(divergence))</td>
            <td>\(actions(row))</td></tr>

            """
    }

    private func divergence(_ divergence: Divergence) -> HTML {
        """
        <span title="\(divergence.ahead) commits that the default branch has not">\(divergence.ahead) ahead</span>, \
        <span title="\(divergence.behind) commits of the default branch that it has not">\(divergence.behind) behind</span>
        """
    }

    private func actions(_ row: Row) -> HTML? {
        guard !row.branch.isDefault else { return nil }
        let base = rows.first { $0.branch.isDefault }?.branch.name.text
        return """
            <span class="row">\(base.map { base in
                "<a class=\"button small\" href=\"\(repository.addresses.compare(base, row.branch.name.text))\">Compare</a>" as HTML
            })\(repository.visit.mayWrite && !row.isProtected ? removal(row.branch) : nil)</span>
            """
    }

    private func removal(_ branch: Branch) -> HTML {
        """
        <details class="creation"><summary class="button small danger">Delete<span class="visually-hidden"> the branch \(branch.name.text)</span></summary>
        <form method="post" action="\(repository.visit.base["branches"]["delete"])"><input type="hidden" name="name" \
        value="\(branch.name.text)"><input type="hidden" name="tip" value="\("\(branch.commit)")">\
        <button class="button small danger">Yes, delete \(branch.name.text)</button></form></details>
        """
    }

    private func restoration(_ deleted: Deleted) -> HTML {
        """
        <div class="note" role="status"><p>The branch <strong>\(deleted.name.text)</strong> is deleted. It was at \
        <a class="mono" href="\(repository.addresses.commit(deleted.commit))">\(deleted.commit.short)</a>.</p>
        <form method="post" action="\(repository.visit.base["branches"])"><input type="hidden" name="name" \
        value="\(deleted.name.text)"><input type="hidden" name="from" value="\("\(deleted.commit)")">\
        <button class="button small">Restore \(deleted.name.text)</button></form></div>
        """
    }
}

/// The way to the page before and the one behind.
struct PageTurner {
    let page: Int
    let hasMore: Bool
    var query: [(String, String?)] = []

    var html: HTML? {
        guard page > 1 || hasMore else { return nil }
        return """
            <nav class="pager" aria-label="Pages">\(page > 1 ? link("Newer", page - 1) : nil)
            \(hasMore ? link("Older", page + 1) : nil)</nav>
            """
    }

    private func link(_ text: String, _ number: Int) -> HTML {
        let address = query.reduce(Address("")) { $0.with($1.0, $1.1) }.with(
            "page",
            number == 1 ? nil : "\(number)"
        )
        // Nothing but the query: the page stays the same.
        return "<a class=\"button\" href=\"?\(address.text.dropFirst(2))\">\(text)</a>"
    }
}
