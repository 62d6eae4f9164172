import Core
import Accounts
import HTTP
import HTTPTypes
import Repositories

/// What one revision has that another has not.
struct RefComparisonPage: Page {
    struct Found: Sendable {
        let divergence: Divergence
        /// Of the head, the latest first, as many as are shown.
        let commits: [Commit]
        let haveCommonCommit: Bool
    }

    let repository: RepositoryVisit
    let base: String
    let head: String
    /// The branches and tags that can be chosen.
    let names: [String]
    /// Whether there are more of these.
    let hasMoreNames: Bool
    var found: Found?
    /// What can be merged here; nil where nothing can, or not by who looks.
    var offer: MergeOffer?
    var diff: DiffView?
    /// Why the two cannot be compared.
    var refusal: String?

    var title: String { (head.isEmpty ? "Compare" : "\(base)...\(head)") + " · \(repository.place.fullName)" }
    var crumbs: [Crumb] { repository.crumbs + [Crumb("Compare")] }
    var tab: Tab? { .commits }
    var scripts: [String] { DiffView.scripts }
    var styles: [String] { DiffView.styles }
    var isWide: Bool { true }
    var ways: [Way] {
        guard !head.isEmpty else {
            return [.json(repository.api["branches"]), .json(repository.api["tags"])]
        }
        return [
            .json(repository.api["compare"].below("\(base)...\(head)")),
            .shell("git diff \(ShellWord("\(base)...\(head)").text)"),
        ]
    }

    var body: HTML {
        """
        <h1>Compare</h1>
        <form method="get" action="\(repository.visit.base["compare-refs"])" class="row compare-form">
        <label>Base <input name="base" value="\(base)" list="refs" required autocomplete="off"></label>
        <span aria-hidden="true">…</span>
        <label>Head <input name="head" value="\(head)" list="refs" required autocomplete="off"></label>
        <datalist id="refs">\(names.map { "<option value=\"\($0)\"></option>" as HTML })</datalist>
        <button class="button primary">Compare</button>
        \(head.isEmpty ? nil : "<a class=\"button\" href=\"\(repository.addresses.compare(head, base))\">Swap</a>")</form>
        \(hasMoreNames ? "<p class=\"quiet small\">Not all branches and tags are offered; any can be written.</p>" : nil)
        \(refusal.map { "<p class=\"note bad\" role=\"alert\">\($0)</p>" as HTML })
        \(found.map(result))
        \(head.isEmpty && refusal == nil ? "<p class=\"quiet\">Choose what to compare: branches, tags or ids of commits.</p>" : nil)
        """
    }

    private func result(_ found: Found) -> HTML {
        let (ahead, behind) = (found.divergence.ahead, found.divergence.behind)
        guard ahead > 0 else {
            return
                "<p class=\"note\"><strong>\(head)</strong> has nothing that <strong>\(base)</strong> has not\(behind > 0 ? "; it is \(behind) commits behind" : "").</p>"
        }
        return """
            <p><strong>\(head)</strong> is \(ahead) \(ahead == 1 ? "commit" : "commits") ahead of <strong>\(base)</strong>\
            \(behind > 0 ? " and \(behind) behind" : "").\(!found.haveCommonCommit ? " They have no commit in common." : "")</p>
            \(offer?.html)
            <details class="compare-commits" \(ahead <= 20 ? "open" : "" as HTML)><summary>Commits</summary>
            <ol class="card commits">\(found.commits.map { CommitRow(commit: $0, repository: repository).html })</ol>
            \(ahead > found.commits.count ? "<p class=\"quiet\">These are the last \(found.commits.count).</p>" : nil)</details>
            \(diff?.html)
            """
    }
}

extension Web {
    /// Where the form of the comparison goes, which has its two ends in words of the query.
    var refChoiceEndpoint: Endpoint {
        Endpoint(.get, "compare-refs", in: .repositoryPages, needs: .read) { call in
            let (visit, query) = (visit(call), call.query)
            let (base, head) = (
                try Revision(query["base"] ?? "").text, try Revision(query["head"] ?? "").text
            )
            return .redirect(to: visit.base["compare"].below("\(base)...\(head)").text)
        }
    }
}
