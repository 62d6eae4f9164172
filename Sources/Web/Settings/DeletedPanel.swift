import Accounts
import Core
import HTTP

/// The deleted repositories that somebody can take back.
struct DeletedPanel: Panel {
    let repositories: ListPage<Repository>
    let page: PageRequest
    let place: Address
    let graceDays: Int
    let address: Address

    var title: String { "Deleted repositories" }
    var ways: [Way] {
        [.json(address.with("page", page.number == 1 ? nil : "\(page.number)"), isOwn: true)]
    }

    var json: JSON {
        [
            "total": .integer(Int64(repositories.total)), "grace_days": .integer(Int64(graceDays)),
            "repositories": .array(
                repositories.elements.map { repository in
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
        <p class="quiet">What was deleted is seen by nobody, and is kept whole under its name for \(graceDays) days; then it is gone
        for good.</p>
        \(DeletedList(repositories: repositories.elements, place: place).html)
        \(Pager(total: repositories.total, number: page.number, limit: page.limit, address: place).html)
        """
    }
}

/// Deleted repositories, each with the button that takes it back.
struct DeletedList {
    let repositories: [Repository]
    let place: Address

    var html: HTML {
        guard !repositories.isEmpty else {
            return EmptyState(
                heading: "Nothing is deleted",
                text:
                    "A repository that is deleted in its settings comes here, and can be restored from here."
            ).html
        }
        return """
            <section class="scroll"><table class="list"><thead><tr><th>Repository</th><th>Deleted</th>
            <th><span class="visually-hidden">Restore</span></th></tr></thead><tbody>\(repositories.map(row))</tbody></table>
            </section>
            """
    }

    private func row(_ repository: Repository) -> HTML {
        let restore = FormBox(
            action: place,
            deed: "restore",
            button: "Restore",
            look: .plain,
            hidden: [("id", "\(repository.id.key)")],
            about: repository.place.fullName
        )
        return """
            <tr><td>\(repository.place.fullName)</td><td>\(repository.deletedMs.map { TimeLabel($0).html })</td>
            <td class="end">\(restore.inRow)</td></tr>
            """
    }
}

extension Web {
    var deletedRepositories: [Endpoint] {
        ownDesk("deleted") { visit, _ in
            try await deletedPanel(visit)
        } take: { visit, form in
            let workspace = WorkspaceID(key: try form.key("id"))
            try await accounts.repositories(for: visit.identity).restore(workspace)
            return .goOn(visit.place.after(.restored))
        } + [ownJSON("deleted") { try await deletedPanel($0).json }]
    }

    private func deletedPanel(_ visit: Visit) async throws -> DeletedPanel {
        let page = try visit.pageRequest()
        return DeletedPanel(
            repositories: try await accounts.repositories(for: visit.identity).deleted(page),
            page: page,
            place: visit.place,
            graceDays: facts.graceDays,
            address: visit.ownJSON("deleted")
        )
    }
}
