import Accounts
import Core
import Repositories

/// The releases of a repository, the newest first: what each says, and what can be downloaded.
struct ReleasesPage: Page {
    let repository: RepositoryVisit
    let releases: ListPage<Release>
    let page: Int
    /// The release that people are to take; nil where there is none.
    let latest: Int64?
    /// The tags that a new one may be of.
    let tags: [TagName]
    /// Whether this server keeps files.
    let takesFiles: Bool
    /// What was typed last, where it could not be done, and why.
    var typed = ReleaseWords()
    var refusal: String?

    static let rowsPerPage = 20

    var title: String { "Releases · \(repository.place.fullName)" }
    var crumbs: [Crumb] { repository.crumbs + [Crumb("Releases")] }
    var tab: Tab? { .releases }
    var styles: [String] { ["repository/repository.css", "repository/code.css"] }
    var takesLong: Bool { true }
    var ways: [Way] { [.json(repository.api["releases"]), .shell(uploadLines)] }

    private var base: Address { repository.visit.base["releases"] }

    private var uploadLines: String {
        """
        curl -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/octet-stream" \\
          --data-binary @FILE "\(repository.visit.serverOrigin)\(repository.api["releases"])/ID/assets?name=FILE"
        """
    }

    var body: HTML {
        let budget = MarkdownBudget()
        return """
            <div class="row between"><h1>Releases <span class="quiet">\(releases.total)</span></h1>
            <nav class="row" aria-label="Refs"><a class="button" href="\(repository.visit.base["tags"])">Tags</a></nav></div>
            \(refusal.map { "<p class=\"note bad\" role=\"alert\">\($0)</p>" as HTML })
            \(repository.visit.mayWrite ? creation : nil)
            \(releases.elements.isEmpty ? none : "<ul class=\"tags\">\(releases.elements.map { row($0, within: budget) })</ul>")
            \(PageTurner(page: page, hasMore: page * Self.rowsPerPage < releases.total).html)
            """
    }

    private var none: HTML {
        EmptyState(
            heading: "No releases yet",
            text: "A release gives a tag to others, with words and files such as weights.",
            lines: """
                curl -X POST -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json" \\
                  -d '{"tag_name": "v1", "name": "First release", "body": "What is new"}' \\
                  \(repository.visit.serverOrigin)\(repository.api["releases"])
                """
        ).html
    }

    private var creation: HTML {
        """
        <details class="creation" \(refusal == nil ? "" : "open" as HTML)><summary class="button small">\(Icon.add.html) New release</summary>
        <form method="post" action="\(base)" class="stack">
        <div class="row"><label>Tag <input name="tag" required maxlength="250" list="tags" autocomplete="off" value="\(typed.tag)"></label>
        <datalist id="tags">\(tags.map { "<option value=\"\($0.text)\"></option>" as HTML })</datalist>
        <label>Made at, where it is new <input name="target" placeholder="the default branch" value="\(typed.target)"></label></div>
        <label class="field">Title <input name="name" maxlength="255" value="\(typed.name)"></label>
        <label class="field">What is new <textarea name="note" rows="6">
        \(typed.note)</textarea><span class="hint">Markdown</span></label>
        <label class="field inline"><input type="checkbox" name="prerelease" value="yes"> A preview, which is never the latest</label>
        <label class="field inline"><input type="checkbox" name="draft" value="yes"> A draft, which only those see who may write</label>
        <div><button class="button primary">Create</button></div></form></details>
        """
    }

    private func row(_ release: Release, within budget: MarkdownBudget) -> HTML {
        """
        <li class="card" id="release-\(release.id)"><header>\(Icon.tag.html)
        <h2>\(release.name.isEmpty ? release.tag.text : release.name)</h2>\(badges(release))
        <span class="quiet small">\(release.author) \(TimeLabel(release.publishedMs ?? release.createdMs).html)</span></header>
        <div class="body">
        <p>\(source(release))</p>
        \(release.note.isEmpty ? nil : Markdown(release.note).html(within: budget))
        \(files(release))
        \(repository.visit.mayWrite ? changes(release) : nil)</div></li>

        """
    }

    private func badges(_ release: Release) -> HTML {
        """
        \(release.isDraft ? "<span class=\"badge warn\">draft</span>" : nil)\
        \(release.isPrerelease ? "<span class=\"badge\">preview</span>" : nil)\
        \(release.id == latest ? "<span class=\"badge good\">latest</span>" : nil)
        """
    }

    /// The tag is made when a release is published; a draft may have none yet.
    private func source(_ release: Release) -> HTML {
        guard tags.contains(release.tag) else {
            return "Tag <code>\(release.tag.text)</code>, which is not made yet"
        }
        return """
            Tag <a class="mono" href="\(repository.visit.base["src"].below(release.tag.text))">\(release.tag.text)</a>
            """
    }

    private func files(_ release: Release) -> HTML {
        let archives = tags.contains(release.tag) ? ArchiveFormat.allCases : []
        return """
            <ul class="plain release-files">\(release.assets.map { asset in
                """
                <li>\(Icon.download.html) <a href="\(base["download"].below(release.tag.text)[asset.name.text])">\(asset.name.text)</a>
                <span class="quiet">\(ByteCount(bytes: asset.sizeBytes).text) · \(asset.downloadCount) \(asset.downloadCount == 1 ? "download" : "downloads")</span>
                \(repository.visit.mayWrite ? removal(asset, of: release) : nil)</li>

                """ as HTML
            })\(archives.map { format in
                """
                <li>\(Icon.download.html) <a href="\(repository.api["archive"].below("\(release.tag.text).\(format.rawValue)"))">Source code</a>
                <span class="quiet">\(format.rawValue)</span></li>

                """ as HTML
            })</ul>
            """
    }

    private func removal(_ asset: ReleaseAsset, of release: Release) -> HTML {
        """
        <form method="post" class="inline-form" action="\(base["\(release.id)"]["files"]["\(asset.id)"]["delete"])">\
        <button class="button small danger" aria-label="Delete the file \(asset.name.text)">Delete</button></form>
        """
    }

    private func changes(_ release: Release) -> HTML {
        let address = base["\(release.id)"]
        return """
            <div class="row">
            \(takesFiles ? upload(address["files"]) : nil)
            \(release.isDraft ? "<form method=\"post\" action=\"\(address["publish"])\"><button class=\"button small primary\">Publish</button></form>" : nil)
            <form method="post" action="\(address["delete"])"><button class="button small danger" \
            aria-label="Delete the release \(release.tag.text)">Delete</button></form></div>
            """
    }

    private func upload(_ address: Address) -> HTML {
        """
        <form method="post" enctype="multipart/form-data" action="\(address)" class="row">\
        <input type="file" name="file" required aria-label="A file to attach"><button class="button small">Attach</button></form>
        """
    }
}

/// What somebody typed of a release.
struct ReleaseWords: Sendable {
    var tag = ""
    var target = ""
    var name = ""
    var note = ""
}
