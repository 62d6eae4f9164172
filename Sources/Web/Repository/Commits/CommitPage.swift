import Accounts
import Core
import Repositories
import Tracking

/// A commit: who made it and why, what it changed, and the runs that were made from it.
struct CommitPage: Page {
    let repository: RepositoryVisit
    let commit: Commit
    let branches: [BranchName]
    let tags: [GitTag]
    /// Whether there are so many branches or tags that not all were asked whether it is their tip.
    let mayHaveMoreRefs: Bool
    let diff: DiffView
    /// Those that were made from it, the latest first, and whether there may be more.
    let made: (runs: [Run], hasMore: Bool)

    private static let shownRuns = 20

    var title: String { "\(commit.summary) · \(commit.id.short) · \(repository.place.fullName)" }
    var crumbs: [Crumb] {
        repository.crumbs + [Crumb("Commits", repository.visit.base["commits"]), Crumb(commit.id.short)]
    }
    var tab: Tab? { .commits }
    var scripts: [String] { DiffView.scripts }
    var styles: [String] { DiffView.styles }
    var isWide: Bool { true }
    var ways: [Way] {
        [.json(repository.api["commits"]["\(commit.id)"]), .shell("git show \(commit.id)")]
    }

    var body: HTML {
        """
        <section class="card commit-head"><div class="body">
        <h1>\(commit.summary.isEmpty ? "(no message)" : commit.summary)</h1>
        \(commit.details.isEmpty ? nil : "<pre class=\"commit-message\">\(commit.details)</pre>")
        \(branches.isEmpty && tags.isEmpty
            ? nil : "<p class=\"row refs-of-commit\">\(branches.map(branch))\(tags.map(tag))</p>")
        \(mayHaveMoreRefs ? "<p class=\"quiet small\">There may be more branches and tags of it: not all were asked.</p>" : nil)
        </div><footer class="row between"><span class="row">\(people)</span>
        <span class="row">\(parents) <span class="quiet">commit</span> <code>\("\(commit.id)")</code>
        <button type="button" class="icon-button" data-copy="\("\(commit.id)")" aria-label="Copy the id" title="Copy the id">\(Icon.copy.html)</button>
        <a class="button small" href="\(files)">Browse files</a></span></footer></section>
        \(made.runs.isEmpty ? nil : runs)
        \(diff.html)
        """
    }

    private var files: Address {
        repository.addresses[.src, ResolvedRevision(kind: .commit, commit: commit.id)]
    }

    private var people: HTML {
        let (author, committer) = (commit.author, commit.committer)
        let isOther = author.name != committer.name || author.email != committer.email
        return """
            \(Avatar(author.name).html) <strong title="\(author.email)">\(author.name)</strong> \(TimeLabel(author.seconds * 1_000).html)
            \(isOther ? "<span class=\"quiet\">committed by <strong title=\"\(committer.email)\">\(committer.name)</strong> \(TimeLabel(committer.seconds * 1_000).html)</span>" : nil)
            \(commit.isSigned ? "<span class=\"badge\" title=\"It carries a signature, which this server has not checked\">signed</span>" : nil)
            """
    }

    private var parents: HTML {
        guard !commit.parents.isEmpty else { return "<span class=\"quiet\">the first commit</span>" }
        let links = commit.parents.map { id in
            "<a class=\"mono\" href=\"\(repository.addresses.commit(id))\">\(id.short)</a>\n" as HTML
        }
        return
            "<span class=\"quiet\">\(commit.parents.count == 1 ? "parent" : "\(commit.parents.count) parents")</span> \(links)"
    }

    private func branch(_ name: BranchName) -> HTML {
        let revision = ResolvedRevision(kind: .branch(name), commit: commit.id)
        return
            "<a class=\"badge\" href=\"\(repository.addresses[.src, revision])\">\(Icon.branch.html)\(name.text)</a>\n"
    }

    private func tag(_ tag: GitTag) -> HTML {
        let revision = ResolvedRevision(kind: .tag(tag.name), commit: commit.id)
        return
            "<a class=\"badge accent\" href=\"\(repository.addresses[.src, revision])\">\(Icon.tag.html)\(tag.name.text)</a>\n"
    }

    private var runs: HTML {
        let (count, hidden) = (made.runs.count, made.runs.count - Self.shownRuns)
        return """
            <section class="card made"><header>\(Icon.run.html) \(count == 1 && !made.hasMore
                ? "One run was" : "\(count)\(made.hasMore ? "+" : "") runs were") made from this commit</header>
            <div class="scroll"><table class="list"><tbody>\(made.runs.prefix(Self.shownRuns).map(row))</tbody></table></div>
            \(hidden > 0 ? "<p class=\"quiet\">… and \(hidden)\(made.hasMore ? " or more" : "") that are older</p>" : nil)
            </section>
            """
    }

    private func row(_ run: Run) -> HTML {
        let shown = run.metrics.prefix(4)
        let metrics = shown.map { "\($0.key) \(ShortNumber($0.value).text)" }.joined(separator: " · ")
        let hidden = run.metrics.count - shown.count
        return """
            <tr><td><a href="\(repository.visit.base["runs"][run.info.id])">\(run.info.shownName.html)</a></td>
            <td>\(TimeLabel(run.info.startTime).html)</td>
            <td class="quiet">\(metrics)\(hidden > 0 ? " · … \(hidden) more" : "")</td></tr>

            """
    }
}

/// A metric in a few digits.
struct ShortNumber {
    let text: String

    init(_ value: Double) {
        guard value.isFinite else {
            text = value.isNaN ? "NaN" : value > 0 ? "∞" : "−∞"
            return
        }
        let size = abs(value)
        if value == 0 || (1e-4..<1e6).contains(size) {
            let scale = size >= 100 ? 100.0 : 10_000.0
            text = "\((value * scale).rounded() / scale)"
        } else {
            text = "\(value)"
        }
    }
}
