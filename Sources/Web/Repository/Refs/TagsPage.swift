import Accounts
import Core
import Repositories

/// The tags of a repository, the latest first, with what they say and what can be downloaded.
struct TagsPage: Page {
    let repository: RepositoryVisit
    let tags: [GitTag]
    let total: Int
    /// Whether there are so many that not all were read.
    let isCut: Bool
    let page: Int
    /// What was tagged, by its id.
    let commits: [ObjectID: Commit]
    /// Why something could not be done.
    let refusal: String?

    static let rowsPerPage = 30

    var title: String { "Tags · \(repository.place.fullName)" }
    var crumbs: [Crumb] { repository.crumbs + [Crumb("Tags")] }
    var tab: Tab? { .code }
    var styles: [String] { ["repository/repository.css"] }
    var takesLong: Bool { true }
    var ways: [Way] {
        [.json(repository.api["tags"]), .shell("git ls-remote --tags \(repository.cloneAddress)")]
    }

    var body: HTML {
        let budget = MarkdownBudget()
        return """
            <div class="row between"><h1>Tags <span class="quiet">\(total)\(isCut ? "+" : "")</span></h1>
            <nav class="row" aria-label="Refs"><a class="button" href="\(repository.visit.base["branches"])">Branches</a>
            <a class="button" href="\(repository.visit.base["releases"])">Releases</a></nav></div>
            \(refusal.map { "<p class=\"note bad\" role=\"alert\">\($0)</p>" as HTML })
            \(repository.visit.mayWrite ? creation : nil)
            \(tags.isEmpty ? none : "<ul class=\"tags\">\(tags.map { row($0, within: budget) })</ul>")
            \(PageTurner(page: page, hasMore: page * Self.rowsPerPage < total).html)
            """
    }

    private var none: HTML {
        EmptyState(
            heading: "No tags yet",
            text: "A tag names a commit for good, such as the code that a model was trained by.",
            lines: "git tag -a v1 -m \"First version\"\ngit push origin v1"
        ).html
    }

    private var creation: HTML {
        """
        <details class="creation"><summary class="button small">\(Icon.add.html) New tag</summary>
        <form method="post" action="\(repository.visit.base["tags"])" class="stack">
        <div class="row"><label>Name <input name="name" required maxlength="250"></label>
        <label>Of <input name="target" placeholder="the default branch"></label></div>
        <label class="field">What it says <textarea name="message" rows="3"></textarea></label>
        <div><button class="button primary">Create</button></div></form></details>
        """
    }

    private func row(_ tag: GitTag, within budget: MarkdownBudget) -> HTML {
        let addresses = repository.addresses
        let revision = tag.commit.map { ResolvedRevision(kind: .tag(tag.name), commit: $0) }
        let commit = tag.commit.flatMap { commits[$0] }
        return """
            <li class="card" id="\(tag.name.text)"><header>\(Icon.tag.html)
            \(revision.map { "<a href=\"\(addresses[.src, $0])\">\(tag.name.text)</a>" as HTML } ?? HTML(tag.name.text))
            \(tag.isSigned ? "<span class=\"badge\" title=\"It carries a signature, which this server has not checked\">signed</span>" : nil)
            <span class="quiet small">\(tag.tagger.map { "\($0.name) " as HTML })\(when(tag, commit))</span></header>
            <div class="body">
            \(tag.message.map { "<div class=\"tag-message\">\(Markdown($0).html(within: budget))</div>" as HTML })
            <p class="row">\(tag.commit.map { id in
                """
                <a class="mono" href="\(addresses.commit(id))">\(id.short)</a> <span class="quiet">\(commit?.summary ?? "")</span>
                """ as HTML
            })</p>
            <div class="row">\(revision.map(downloads))\(repository.visit.mayWrite ? removal(tag) : nil)</div></div></li>

            """
    }

    private func when(_ tag: GitTag, _ commit: Commit?) -> HTML? {
        (tag.tagger?.seconds ?? commit?.committer.seconds).map { TimeLabel($0 * 1_000).html }
    }

    private func downloads(_ revision: ResolvedRevision) -> HTML {
        ArchiveFormat.allCases.map { format in
            """
            <a class="button small" href="\(repository.addresses.archive(revision, format, api: repository.api))">\
            \(Icon.download.html) \(format.rawValue)</a>

            """ as HTML
        }.joined()
    }

    private func removal(_ tag: GitTag) -> HTML {
        """
        <form method="post" action="\(repository.visit.base["tags"]["delete"])"><input type="hidden" name="name" \
        value="\(tag.name.text)"><button class="button small danger" aria-label="Delete the tag \(tag.name.text)">Delete</button></form>
        """
    }
}
