import Accounts
import Core
import HTTP
import ObjectStore
import Repositories

/// All repositories of the server, with what they keep; and the deleted ones.
private struct RepositoriesPanel: Panel {
    struct Line: Sendable {
        let repository: Repository
        let gitBytes: Int64
        /// Nil where clients keep artifacts elsewhere.
        let files: FileStore.Usage?
    }

    let lines: [Line]
    let total: Int
    let deleted: [Repository]
    let search: String
    let page: PageRequest
    let place: Address
    let root: Address

    var title: String { "Repositories" }

    var body: HTML {
        """
        <form class="search-line" role="search"><label class="field"><span class="visually-hidden">Find a repository</span>
        <input type="search" name="q" value="\(search)" placeholder="Name or description"></label>
        <button class="button">Find</button></form>
        \(list)
        \(Pager(
            total: total, number: page.number, limit: page.limit,
            address: place.with("q", search.isEmpty ? nil : search)
        ).html)
        <section><h2>Deleted</h2>\(DeletedList(repositories: deleted, place: place).html)</section>
        """
    }

    private var list: HTML {
        guard !lines.isEmpty else { return "<p>No repository here.</p>" }
        return """
            <section class="scroll"><table class="list"><thead><tr><th>Repository</th><th>Seen by</th>
            <th class="number">Git</th><th class="number">Files</th><th class="number">Bytes of files</th><th>Pushed</th>
            </tr></thead><tbody>\(lines.map(row))</tbody></table></section>
            """
    }

    private func row(_ line: Line) -> HTML {
        let place = line.repository.place
        return """
            <tr><td><a href="\(root[place.owner][place.name])">\(place.fullName)</a>
            \(place.isArchived ? "<span class=\"badge warn\">archived</span>" as HTML : nil)</td>
            <td>\(place.isPublic ? "everybody" : "few")</td>
            <td class="number">\(ByteCount(bytes: line.gitBytes).text)</td>
            <td class="number">\(line.files.map { $0.words.count } ?? "elsewhere")</td>
            <td class="number">\(line.files.map { $0.words.bytes } ?? "–")</td>
            <td>\(line.repository.pushedMs.map { TimeLabel($0).html } ?? "never")</td></tr>
            """
    }
}

extension FileStore.Usage {
    /// As people read it; what was not counted to its end is at least that.
    var words: (count: String, bytes: String) {
        let least = isPartial ? "over " : ""
        return ("\(least)\(count)", least + ByteCount(bytes: bytes).text)
    }
}

extension Web {
    private static let shownRepositories = 25

    var adminRepositories: [Endpoint] {
        adminDesk("repositories") { visit, _ in
            let page = try visit.pageRequest(limit: Self.shownRepositories)
            let search = visit.query("q") ?? ""
            let store = accounts.repositories(for: visit.identity)
            async let found = store.list(RepositorySearch(text: search), page)
            async let deleted = store.deleted(PageRequest(limit: PageRequest.mostLimit))
            return RepositoriesPanel(
                lines: try await lines(found.elements),
                total: try await found.total,
                deleted: try await deleted.elements,
                search: search,
                page: page,
                place: visit.place,
                root: visit.root
            )
        } take: { visit, form in
            let workspace = WorkspaceID(key: try form.key("id"))
            try await accounts.repositories(for: visit.identity).restore(workspace)
            return .goOn(visit.place.after(.restored))
        }
    }

    private func lines(_ found: [Repository]) async throws -> [RepositoriesPanel.Line] {
        let storage = repositories.storage
        let packed = try await aside { try found.map { try storage.objectBytes(of: $0.id) } }
        var lines: [RepositoriesPanel.Line] = []
        for (repository, bytes) in zip(found, packed) {
            lines.append(
                RepositoriesPanel.Line(
                    repository: repository,
                    gitBytes: bytes,
                    files: try await files?.usage(of: repository.id)
                )
            )
        }
        return lines
    }
}
