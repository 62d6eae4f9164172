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

        var json: JSON {
            let place = repository.place
            return [
                "full_name": .string(place.fullName), "private": .boolean(!place.isPublic),
                "archived": .boolean(place.isArchived), "git_bytes": .integer(gitBytes),
                "files": files?.json ?? .null,
                "pushed_ms": repository.pushedMs.map { .integer($0) } ?? .null,
            ]
        }
    }

    let lines: [Line]
    let total: Int
    let deleted: ListPage<Repository>
    let search: String
    let page: PageRequest
    let place: Address
    let root: Address
    let address: Address

    var title: String { "Repositories" }

    var ways: [Way] { [.json(address.searching(search, page))] }

    var json: JSON {
        [
            "total": .integer(Int64(total)), "repositories": .array(lines.map(\.json)),
            "deleted": .array(
                deleted.elements.map { repository in
                    [
                        "full_name": .string(repository.place.fullName),
                        "deleted_ms": repository.deletedMs.map { .integer($0) } ?? .null,
                    ]
                }
            ),
        ]
    }

    var body: HTML {
        """
        \(SearchLine(label: "Find a repository", placeholder: "Name or description", text: search).html)
        \(list)
        \(Pager(
            total: total, number: page.number, limit: page.limit,
            address: place.with("q", search.isEmpty ? nil : search)
        ).html)
        <section><h2>Deleted</h2>\(DeletedList(repositories: deleted.elements, place: place).html)\(ListEnd(hidden: deleted.total - deleted.elements.count).html)</section>
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

    var json: JSON {
        ["count": .integer(Int64(count)), "bytes": .integer(bytes), "is_at_least": .boolean(isPartial)]
    }
}

extension Web {
    private static let shownRepositories = 25

    var adminRepositories: [Endpoint] {
        adminDesk("repositories") { visit, _ in
            try await repositoriesPanel(visit)
        } take: { visit, form in
            let workspace = WorkspaceID(key: try form.key("id"))
            try await accounts.repositories(for: visit.identity).restore(workspace)
            return .goOn(visit.place.after(.restored))
        } + [adminJSON("repositories") { try await repositoriesPanel($0).json }]
    }

    private func repositoriesPanel(_ visit: Visit) async throws -> RepositoriesPanel {
        let page = try visit.pageRequest(limit: Self.shownRepositories)
        let search = visit.query("q") ?? ""
        let store = accounts.repositories(for: visit.identity)
        async let found = store.list(RepositorySearch(text: search), page)
        async let deleted = store.deleted(PageRequest(limit: PageRequest.mostLimit))
        return RepositoriesPanel(
            lines: try await lines(found.elements),
            total: try await found.total,
            deleted: try await deleted,
            search: search,
            page: page,
            place: visit.place,
            root: visit.root,
            address: visit.adminJSON("repositories")
        )
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
