import Accounts
import Core
import Repositories

/// A file at a revision.
struct FilePage: Page {
    let repository: RepositoryVisit
    let revision: ResolvedRevision
    let entry: TreeEntry
    let content: FileContent
    let switcher: RefSwitcher

    var title: String { "\(entry.path) at \(revision.label) · \(repository.place.fullName)" }
    var crumbs: [Crumb] { repository.crumbs + [Crumb(entry.name)] }
    var tab: Tab? { .code }
    var scripts: [String] { ["repository/code.js", "repository/refs.js"] }
    var styles: [String] { ["repository/repository.css", "repository/code.css", "previews/previews.css"] }
    var isWide: Bool { content.isRendered != true }
    var ways: [Way] {
        [
            .json(
                Address(repository.api["content"].below(revision.name).text + "/" + entry.path.percentEncoded)
            ),
            .shell("curl -LO \(repository.visit.serverOrigin)\(raw)"),
        ]
    }

    private var raw: Address { repository.addresses[.raw, revision, entry.path] }

    var body: HTML {
        """
        <div class="row path-row">\(switcher.html)\(PathTrail(repository, revision, entry.path).html)</div>
        \(entry.lastCommit.map { LastCommitRow($0, in: repository, history: history).html })
        <section class="card file" data-permalink="\(permalink)">
        <header class="file-head"><span class="file-facts quiet">\(facts)</span><span class="row">\(actions)</span></header>
        \(content.html)
        </section>
        """
    }

    private var history: Address { repository.addresses[.commits, revision, entry.path] }
    private var permalink: Address { repository.addresses.source(revision.commit, entry.path) }

    private var facts: String {
        var facts = [ByteCount(bytes: content.sizeBytes).text]
        if let count = content.lineCount { facts.insert("\(count) \(count == 1 ? "line" : "lines")", at: 0) }
        if entry.kind == .executable { facts.append("executable") }
        if content.isLarge { facts.append("Git LFS") }
        return facts.joined(separator: " · ")
    }

    private var actions: HTML {
        let here = repository.addresses[.src, revision, entry.path]
        return """
            \(content.isRendered.map { isRendered in
                """
                <span class="toggle"><a class="button small" href="\(here)" \(current(isRendered))>Preview</a>\
                <a class="button small" href="\(here.with("view", "source"))" \(current(!isRendered))>Source</a></span>
                """ as HTML
            })
            \(entry.kind == .symlink ? nil : "<a class=\"button small\" href=\"\(raw)\">Raw</a>")
            \(content.isText ? "<a class=\"button small\" href=\"\(repository.addresses[.blame, revision, entry.path])\">Blame</a>" : nil)
            <a class="button small" href="\(history)">History</a>
            <button type="button" class="button small" data-copy-permalink hidden>Copy permalink</button>
            \(edits)
            """
    }

    private func current(_ isCurrent: Bool) -> HTML { isCurrent ? "aria-current=\"true\"" : "" }

    private var edits: HTML? {
        guard repository.visit.mayWrite, revision.branch != nil else { return nil }
        return """
            \(content.isEditable ? "<a class=\"button small\" href=\"\(repository.addresses[.edit, revision, entry.path])\">Edit</a>" : nil)
            <a class="button small danger" href="\(repository.addresses[.delete, revision, entry.path])">Delete</a>
            """
    }
}

/// A submodule: which commit of which other repository stands here.
struct SubmodulePage: Page {
    let repository: RepositoryVisit
    let revision: ResolvedRevision
    let entry: TreeEntry
    let switcher: RefSwitcher

    var title: String { "\(entry.path) at \(revision.label) · \(repository.place.fullName)" }
    var crumbs: [Crumb] { repository.crumbs + [Crumb(entry.name)] }
    var tab: Tab? { .code }
    var scripts: [String] { ["repository/refs.js"] }
    var styles: [String] { ["repository/repository.css"] }
    var ways: [Way] { [.json(content), .shell("git submodule status \(ShellWord("\(entry.path)").text)")] }

    private var content: Address {
        Address(repository.api["content"].below(revision.name).text + "/" + entry.path.percentEncoded)
    }

    var body: HTML {
        """
        <div class="row path-row">\(switcher.html)\(PathTrail(repository, revision, entry.path).html)</div>
        <p>A submodule: another repository stands here at its commit <code>\("\(entry.id)")</code>. Where that repository is \
        says <a href="\(repository.addresses[.src, revision].text + "/.gitmodules")">.gitmodules</a>.</p>
        """
    }
}

/// The way from the root of a repository to a path, as the heading of its page.
struct PathTrail {
    private let repository: RepositoryVisit
    private let revision: ResolvedRevision
    private let path: TreePath

    init(_ repository: RepositoryVisit, _ revision: ResolvedRevision, _ path: TreePath) {
        self.repository = repository
        self.revision = revision
        self.path = path
    }

    var html: HTML {
        let steps = path.steps
        return """
            <h1 class="path"><a href="\(repository.addresses[.src, revision])">\(repository.place.name)</a>\
            \(steps.dropLast().map { step in
                "<span>/</span><a href=\"\(repository.addresses[.src, revision, step])\">\(step.name)</a>" as HTML
            })\(steps.last.map { "<span>/</span><strong>\($0.name)</strong>" as HTML })</h1>
            """
    }
}

/// The last commit of a file or a folder.
struct LastCommitRow {
    private let repository: RepositoryVisit
    private let id: ObjectID
    private let summary: String
    private let author: String
    private let seconds: Int64
    private let history: Address?

    init(_ commit: CommitSummary, in repository: RepositoryVisit, history: Address) {
        self.repository = repository
        self.history = history
        (id, summary, author, seconds) = (
            commit.id, commit.summary, commit.author.name, commit.committedSeconds
        )
    }

    init(_ commit: Commit, in repository: RepositoryVisit) {
        self.repository = repository
        history = nil
        (id, summary, author, seconds) = (
            commit.id, commit.summary, commit.author.name, commit.committer.seconds
        )
    }

    var html: HTML {
        let address = repository.addresses.commit(id)
        return """
            <p class="last-commit">\(Avatar(author).html) <strong>\(author)</strong>
            <a class="clip" href="\(address)">\(summary.isEmpty ? "(no message)" : summary)</a>
            <span class="row nowrap"><a class="mono" href="\(address)">\(id.short)</a>
            \(TimeLabel(seconds * 1_000).html)\(history.map { " <a href=\"\($0)\">\(Icon.history.html) History</a>" as HTML })</span></p>
            """
    }
}
