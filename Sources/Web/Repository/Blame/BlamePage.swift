import Accounts
import Core
import Repositories

/// The lines of a file with the commits that they came with.
struct BlamePage: Page {
    let repository: RepositoryVisit
    let revision: ResolvedRevision
    let entry: TreeEntry
    let switcher: RefSwitcher
    /// Why there is no blame, or not of all lines.
    let remark: String?
    let table: HTML
    let lineCount: Int

    var title: String { "Blame of \(entry.path) at \(revision.label) · \(repository.place.fullName)" }
    var crumbs: [Crumb] { repository.crumbs + [Crumb(entry.name)] }
    var tab: Tab? { .code }
    var scripts: [String] { ["repository/code.js", "repository/refs.js"] }
    var styles: [String] { ["repository/repository.css", "repository/code.css"] }
    var isWide: Bool { true }
    var ways: [Way] {
        [
            .json(
                Address(
                    repository.visit.base["blame.json"].below(revision.name).text + "/"
                        + entry.path.percentEncoded
                )
            ), .shell("git blame \(ShellWord(revision.name).text) -- \(ShellWord("\(entry.path)").text)"),
        ]
    }

    var body: HTML {
        """
        <div class="row path-row">\(switcher.html)\(PathTrail(repository, revision, entry.path).html)</div>
        <section class="card file" data-permalink="\(repository.addresses.source(revision.commit, entry.path))">
        <header class="file-head"><span class="quiet">\(lineCount) lines, by the commit that each came with</span>
        <span class="row"><a class="button small" href="\(repository.addresses[.src, revision, entry.path])">File</a>
        <a class="button small" href="\(repository.addresses[.commits, revision, entry.path])">History</a></span></header>
        \(remark.map { "<p class=\"note warn\">\($0)</p>" as HTML })
        \(table)
        </section>
        """
    }
}

/// The table of a blame: beside each group of lines its commit, shaded by its age.
struct BlameTable {
    let blame: Blame
    let lines: TextLines
    let path: TreePath
    let repository: RepositoryVisit

    /// More lines than these are not shown.
    static let mostLines = 10_000

    var html: HTML {
        """
        <div class="code-block" data-code data-language="\(CodeLanguage.of(path.name))" data-lines-per-page="\(Self.mostLines)" \
        tabindex="0" role="region" aria-label="Blame of \(path.name)"><table class="code blame"><tbody>
        \(rows)</tbody></table></div>
        \(lines.count > Self.mostLines ? "<p class=\"quiet\">… and \(lines.count - Self.mostLines) more</p>" : nil)
        """
    }

    /// The groups, and between them the lines whose commit was not found.
    private var rows: HTML {
        var (rows, next) = (HTML.empty, 1)
        for group in blame.lines {
            rows += self.rows(next..<max(next, group.start), of: nil)
            rows += self.rows(group.start..<group.start + group.count, of: group)
            next = group.start + group.count
        }
        return rows + self.rows(next..<max(next, lines.count + 1), of: nil)
    }

    private func rows(_ numbers: Range<Int>, of group: BlamedLines?) -> HTML {
        numbers.clamped(to: 1..<min(lines.count, Self.mostLines) + 1).map { number in
            let head: HTML? = number == group?.start ? group.flatMap(commit) : nil
            let age: HTML? = group.map { " age-\(self.age(of: $0.commit))" }
            return """
                <tr id="L\(number)" class="\(head == nil ? "" : "first")"><td class="blame-commit\(age)">\(head)</td>\
                <td class="line-number"><a href="#L\(number)" data-number="\(number)" tabindex="-1" aria-label="Line \(number)"></a></td>\
                <td class="line-text">\(lines[number - 1].text)</td></tr>

                """ as HTML
        }.joined()
    }

    private func commit(_ group: BlamedLines) -> HTML? {
        guard let commit = blame.commits[group.commit] else { return nil }
        return """
            <span class="blame-text"><a class="clip" href="\(repository.addresses.commit(commit.id))" \
            title="\(commit.summary) · \(commit.author.name)">\(commit.summary.isEmpty ? commit.id.short : commit.summary)</a> \
            \(TimeLabel(commit.committedSeconds * 1_000).html)\(before(group))</span>
            """
    }

    /// The same file before that commit, to look further back.
    private func before(_ group: BlamedLines) -> HTML? {
        guard group.originalPath.isAddressable else { return nil }
        let revision = ResolvedRevision(kind: .commit, commit: group.commit)
        return
            " <a class=\"quiet\" href=\"\(repository.addresses[.blame, revision, group.originalPath])\" title=\"Blame at this commit\">\(Icon.history.html)<span class=\"visually-hidden\">Blame at this commit</span></a>"
    }

    /// 0 for the newest tenth of the file's history, 9 for the oldest.
    private func age(of id: ObjectID) -> Int {
        let times = span
        guard let time = blame.commits[id]?.committedSeconds, times.newest > times.oldest else { return 0 }
        return Int(9 * (times.newest - time) / (times.newest - times.oldest))
    }

    private let span: (oldest: Int64, newest: Int64)

    init(blame: Blame, lines: TextLines, path: TreePath, repository: RepositoryVisit) {
        self.blame = blame
        self.lines = lines
        self.path = path
        self.repository = repository
        let times = blame.commits.values.map(\.committedSeconds)
        span = (times.min() ?? 0, times.max() ?? 0)
    }
}
