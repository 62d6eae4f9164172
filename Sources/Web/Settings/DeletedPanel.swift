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
        \(end)
        \(Pager(total: repositories.total, number: page.number, limit: page.limit, address: place).html)
        """
    }
}

extension DeletedPanel {
    /// Where one is ended before its time, which nothing takes back.
    fileprivate var end: HTML? {
        guard !repositories.elements.isEmpty else { return nil }
        let choice = ChoiceField(
            name: "id",
            label: "Repository",
            options: repositories.elements.map { .init(value: "\($0.id.key)", label: $0.place.fullName) }
        )
        let check = CheckField(name: "confirmed", label: "I know that nobody can bring it back")
        return """
            <div class="danger-zone"><section><h2>End one at once</h2>
            <p>It cannot be restored any more. What is in it is gone within minutes, and then its name is free.</p>
            \(FormBox(
                action: place, deed: "end", button: "End it for good", look: .danger,
                fields: "\(choice.html)\(check.html)"
            ).html)</section></div>
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
            let store = accounts.repositories(for: visit.identity)
            switch form["do"] {
            case "restore":
                try await store.restore(workspace)
                return .goOn(visit.place.after(.restored))
            case "end":
                guard form["confirmed"] == "yes" else {
                    throw Failure.invalid(
                        "Say that you know that nobody can bring it back: nothing was ended."
                    )
                }
                try await store.end(workspace)
                return .goOn(visit.place.after(.endedForGood))
            default: throw Failure.unknownDeed
            }
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
