import Accounts
import Core
import HTTP
import Repositories

/// What cannot be taken back at once, or not by who did it.
struct DangerPanel: Panel {
    let repository: RepositoryPlace
    let place: Address
    let deletedAddress: Address
    let graceDays: Int
    let api: Address
    let rejected: Query?

    var title: String { "Danger zone" }
    var ways: [Way] { [.json(api)] }

    var body: HTML {
        """
        <div class="danger-zone">
        <section><h2>\(repository.isArchived ? "No longer archive it" : "Archive")</h2>
        <p>\(repository.isArchived
            ? "It is only read now; after this it can be written again."
            : "It is only read from then on: code, experiments and models. This can be taken back here.")</p>
        \(FormBox(
            action: place, deed: repository.isArchived ? "unarchive" : "archive",
            button: repository.isArchived ? "Make it writable" : "Archive", look: .plain
        ).html)</section>
        <section><h2>Give it to another owner</h2>
        <p>To an organization that you administer, or from one to yourself. The old address leads to the new one until something
        else is made there; collaborators keep their rights, teams of the old owner lose theirs.</p>
        \(FormBox(
            action: place, deed: "transfer", button: "Give it away", look: .danger,
            fields: LineField(name: "owner", label: "New owner", value: rejected?["owner"] ?? "", isRequired: true).html
        ).html)</section>
        <section><h2>Delete</h2>
        <p>Nobody sees it any more, and its mirrors end. For \(graceDays) days it can be restored from your
        <a href="\(deletedAddress)">deleted repositories</a>, with its name, code, experiments and models; then it is gone.</p>
        \(FormBox(
            action: place, deed: "delete", button: "Delete this repository", look: .danger,
            fields: LineField(
                name: "confirmed", label: "Write \(repository.fullName) to confirm", isRequired: true
            ).html
        ).html)</section>
        </div>
        """
    }
}

extension Web {
    var dangerSettings: [Endpoint] {
        repositoryDesk("/danger") { visit, place, rejected in
            DangerPanel(
                repository: place,
                place: visit.place,
                deletedAddress: visit.root.below("settings/deleted"),
                graceDays: facts.graceDays,
                api: visit.repositoryAPI,
                rejected: rejected?.form
            )
        } take: { visit, place, form in
            let store = accounts.repositories(for: visit.identity)
            switch form["do"] {
            case "archive", "unarchive":
                let isArchived = form["do"] == "archive"
                try await store.edit(place.workspace, RepositoryChange(isArchived: isArchived))
                return .goOn(visit.place.after(isArchived ? .archived : .unarchived))
            case "transfer":
                try await store.transfer(place.workspace, to: AccountName(form.word("owner")))
                let moved = try await store.get(place.workspace).place
                return .goOn(visit.root[moved.owner][moved.name]["settings"].after(.moved))
            case "delete":
                guard form.word("confirmed") == place.fullName else {
                    throw Failure.invalid("Write '\(place.fullName)' to confirm: nothing was deleted.")
                }
                try await store.delete(place.workspace)
                // Nobody sees it any more, so nothing of it is sent elsewhere either.
                let mirrors = repositories.mirrors(for: visit.caller)
                for mirror in try await mirrors.list() { try await mirrors.delete(mirror.id) }
                return .goOn(visit.root.below("settings/deleted").after(.removed))
            default: throw Failure.unknownDeed
            }
        }
    }
}
