import Accounts
import Core
import Repositories

/// A folder at a revision.
struct FolderPage: Page {
    let repository: RepositoryVisit
    let revision: ResolvedRevision
    let view: FolderView
    let switcher: RefSwitcher

    var title: String {
        (view.listing.path.isRoot ? "" : "\(view.listing.path) at ")
            + "\(revision.label) · \(repository.place.fullName)"
    }
    var crumbs: [Crumb] {
        repository.crumbs + (view.listing.path.isRoot ? [] : [Crumb(view.listing.path.name)])
    }
    var tab: Tab? { .code }
    var scripts: [String] { FolderView.scripts }
    var styles: [String] { FolderView.styles }
    var ways: [Way] {
        [
            .json(
                Address(
                    repository.api["content"].below(revision.name).text + "/"
                        + view.listing.path.percentEncoded
                )
            )
        ]
    }

    var body: HTML {
        """
        <div class="row path-row">\(switcher.html)\(PathTrail(repository, revision, view.listing.path).html)
        <span class="row end">\(view.actions)</span></div>
        \(view.html)
        """
    }
}

/// The entries of a folder with their last commits, and what its README says.
struct FolderView: Sendable {
    static let scripts = ["repository/files.js", "repository/refs.js"]
    static let styles = ["repository/repository.css", "repository/code.css"]
    private static let entriesPerPage = 500

    let repository: RepositoryVisit
    let revision: ResolvedRevision
    let listing: FolderListing
    /// From 1.
    let page: Int
    let readme: Readme?
    /// What was committed last, in the whole repository.
    let tip: Commit

    /// What can be done with the folder.
    var actions: HTML {
        guard repository.visit.mayWrite, revision.branch != nil else { return history }
        let addresses = repository.addresses
        return """
            \(history)
            <a class="button small" href="\(addresses[.new, revision, listing.path])">\(Icon.add.html) New file</a>
            <a class="button small" href="\(addresses[.upload, revision, listing.path])">Upload</a>
            """
    }

    private var history: HTML {
        """
        <a class="button small" href="\(repository.addresses[.commits, revision, listing.path])">\(Icon.history.html) History</a>
        """
    }

    var html: HTML {
        """
        <section class="card files" id="files" \(listing.hasAllLastCommits ? "" : "data-pending" as HTML)>
        \(LastCommitRow(tip, in: repository).html)
        <div class="scroll"><table class="list"><caption class="visually-hidden">Files of \(listing.path.isRoot ? repository.place.name : "\(listing.path)")</caption>
        <thead class="visually-hidden"><tr><th scope="col">Name</th><th scope="col">Last commit</th><th scope="col">When</th></tr></thead>
        <tbody>\(up)\(shown.map(row))</tbody></table></div>
        \(pager)
        </section>
        \(readme?.html)
        """
    }

    private var sorted: [TreeEntry] {
        listing.entries.filter { $0.kind == .folder } + listing.entries.filter { $0.kind != .folder }
    }

    private var shown: ArraySlice<TreeEntry> {
        sorted.dropFirst((page - 1) * Self.entriesPerPage).prefix(Self.entriesPerPage)
    }

    private var up: HTML? {
        guard !listing.path.isRoot else { return nil }
        let folder = repository.addresses[.src, revision, listing.path.folder]
        return
            "<tr><td colspan=\"3\"><a href=\"\(folder)\" aria-label=\"The folder above\">..</a></td></tr>\n"
    }

    private func row(_ entry: TreeEntry) -> HTML {
        let address = repository.addresses[.src, revision, entry.path]
        let name: HTML =
            entry.path.isAddressable
            ? "<a href=\"\(address)\">\(entry.name)</a>" : "<span>\(entry.name)</span>"
        return """
            <tr><td class="file-name">\(icon(of: entry))\(name)\(mark(of: entry))</td>
            <td class="file-commit quiet">\(entry.lastCommit.map { commit in
                "<a href=\"\(repository.addresses.commit(commit.id))\">\(commit.summary.isEmpty ? "(no message)" : commit.summary)</a>" as HTML
            })</td>
            <td class="file-time quiet">\(entry.lastCommit.map { TimeLabel($0.committedSeconds * 1_000).html })</td></tr>

            """
    }

    private func icon(of entry: TreeEntry) -> HTML {
        switch entry.kind {
        case .folder: Icon.folder.html
        case .submodule, .symlink: Icon.link.html
        case .file, .executable: Icon.file.html
        }
    }

    private func mark(of entry: TreeEntry) -> HTML? {
        switch entry.kind {
        case .submodule: " <span class=\"quiet mono\">@ \(entry.id.short)</span>"
        case .symlink: " <span class=\"quiet\">link</span>"
        default: nil
        }
    }

    private var pager: HTML? {
        let count = (listing.entries.count + Self.entriesPerPage - 1) / Self.entriesPerPage
        guard count > 1 else { return nil }
        return """
            <nav class="pager" aria-label="Pages of the folder">\(page > 1 ? "<a class=\"button\" href=\"?page=\(page - 1)\">Previous</a>" : nil)
            <span>Page \(page) of \(count), \(listing.entries.count) entries</span>
            \(page < count ? "<a class=\"button\" href=\"?page=\(page + 1)\">Next</a>" : nil)</nav>
            """
    }
}

/// The file that tells what a folder is for.
struct Readme: Sendable {
    static let limitBytes = 1 << 20

    let name: String
    let address: Address
    let content: HTML

    var html: HTML {
        """
        <section class="card readme" aria-label="\(name)"><header>\(Icon.file.html)<a href="\(address)">\(name)</a></header>
        <div class="body">\(content)</div></section>
        """
    }
}
