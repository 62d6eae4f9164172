import Accounts
import Core
import Repositories

/// The history of a branch, a tag, a commit or a path, the latest first.
struct CommitsPage: Page {
    static let rowsPerPage = 30

    let repository: RepositoryVisit
    let revision: ResolvedRevision
    let path: TreePath
    let commits: [Commit]
    let hasMore: Bool
    /// Whether all commits of the page were found in time.
    let isWhole: Bool
    let page: Int
    let switcher: RefSwitcher

    var title: String {
        (path.isRoot ? "Commits" : "Commits of \(path)")
            + " at \(revision.label) · \(repository.place.fullName)"
    }
    var crumbs: [Crumb] { repository.crumbs + [Crumb("Commits")] }
    var tab: Tab? { .commits }
    var scripts: [String] { ["repository/commits.js", "repository/refs.js"] }
    var styles: [String] { ["repository/repository.css"] }
    var ways: [Way] {
        [
            .json(
                repository.api["commits"].with("sha", revision.name).with(
                    "path",
                    path.isRoot ? nil : "\(path)"
                )
            ),
            .shell(
                "git log \(ShellWord(revision.name).text)\(path.isRoot ? "" : " -- \(ShellWord("\(path)").text)")"
            ),
        ]
    }

    var body: HTML {
        """
        <div class="row path-row">\(switcher.html)<h1>Commits\(path.isRoot ? nil : of)</h1></div>
        \(isWhole ? nil : late)
        \(commits.isEmpty && isWhole ? "<p class=\"quiet\">\(page > 1 ? "There are no more commits." : "No commit changed this path.")</p>" : nil)
        \(days.map { day in
            """
            <section class="day"><h2>\(day.date)</h2><ol class="card commits">\(day.commits.map(row))</ol></section>
            """ as HTML
        })
        \(PageTurner(page: page, hasMore: hasMore).html)
        """
    }

    private var late: HTML {
        """
        <p class="note warn">The history is long: commits were looked for as long as a page may take, and there may be more than \
        these. A copy of the repository shows all.</p>
        """
    }

    private var of: HTML {
        " <span class=\"quiet\">of</span> <a href=\"\(repository.addresses[.src, revision, path])\">\("\(path)")</a>"
    }

    /// Commits that stand together and were made on one day, in UTC.
    private var days: [(date: String, commits: [Commit])] {
        commits.reduce(into: []) { days, commit in
            let date = UTCTime(epochMs: commit.committer.seconds * 1_000).date
            if days.last?.date == date {
                days[days.count - 1].commits.append(commit)
            } else {
                days.append((date, [commit]))
            }
        }
    }

    private func row(_ commit: Commit) -> HTML {
        CommitRow(commit: commit, repository: repository, path: path.isRoot ? nil : path).html
    }
}

/// A commit in a list.
struct CommitRow {
    let commit: Commit
    let repository: RepositoryVisit
    /// The file or the folder whose history the list is.
    var path: TreePath?

    var html: HTML {
        let address = repository.addresses.commit(commit.id)
        let place = path ?? .root
        return """
            <li data-sha="\("\(commit.id)")">\(Avatar(commit.author.name).html)
            <div class="commit-text"><a href="\(address)">\(commit.summary.isEmpty ? "(no message)" : commit.summary)</a>\(details)
            <div class="quiet small"><bdi>\(commit.author.name)</bdi>\(committer) \(TimeLabel(commit.committer.seconds * 1_000).html)
            \(commit.parents.count > 1 ? "<span class=\"badge\">merge</span>" : nil)
            \(commit.isSigned ? "<span class=\"badge\" title=\"It carries a signature, which this server has not checked\">signed</span>" : nil)
            <span data-runs></span></div></div>
            <span class="row"><a class="mono" href="\(address)">\(commit.id.short)</a>
            <button type="button" class="icon-button" data-copy="\("\(commit.id)")" aria-label="Copy the id \(commit.id.short)" title="Copy the id">\(Icon.copy.html)</button>
            <a class="icon-button" href="\(repository.addresses.source(commit.id, place))" \
            aria-label="Files at \(commit.id.short)" title="Files at this commit">\(Icon.code.html)</a></span></li>

            """
    }

    private var committer: HTML? {
        commit.committer.name == commit.author.name
            ? nil : ", committed by <bdi>\(commit.committer.name)</bdi>"
    }

    private var details: HTML? {
        let text = commit.details
        return text.isEmpty
            ? nil
            : "<details class=\"message\"><summary aria-label=\"More of the message\">…</summary><pre>\(text)</pre></details>"
    }
}

extension Commit {
    /// The message without its first paragraph.
    var details: String {
        func isEmpty(_ line: Substring) -> Bool { line.allSatisfy(\.isWhitespace) }
        var lines = message.split(omittingEmptySubsequences: false) { (character: Character) in
            character.isNewline
        }[...]
        lines = lines.drop(while: isEmpty)
        lines = lines.drop { !isEmpty($0) }
        lines = lines.drop(while: isEmpty)
        guard let end = lines.lastIndex(where: { !isEmpty($0) }) else { return "" }
        return lines[...end].joined(separator: "\n")
    }
}

/// A word as a shell takes it, whatever it is.
struct ShellWord {
    let text: String

    init(_ word: String) {
        let isPlain =
            !word.isEmpty && word.utf8.allSatisfy { "-._/=:@%+,".utf8.contains($0) || $0.isAlphanumeric }
        text = isPlain ? word : "'" + word.replacing("'", with: #"'\''"#) + "'"
    }
}

extension UInt8 {
    fileprivate var isAlphanumeric: Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self)
    }
}
