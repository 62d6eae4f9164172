import Accounts
import Core
import HTTP

/// Where an organization ends.
private struct EndPanel: Panel {
    let name: String
    let place: Address
    let deletedAddress: Address
    let api: Address

    var title: String { "Delete" }
    var ways: [Way] { [.json(api)] }

    var body: HTML {
        """
        <div class="danger-zone"><section><h2>Delete \(name)</h2>
        <p>Its teams and memberships end, and its name is free. An organization that still has repositories, deleted ones that
        can be restored included, cannot be deleted: give them to another owner first, or end those that are deleted under
        <a href="\(deletedAddress)">deleted repositories</a>.</p>
        \(FormBox(
            action: place, deed: "delete", button: "Delete the organization", look: .danger,
            fields: LineField(name: "confirmed", label: "Write \(name) to confirm", isRequired: true).html
        ).html)</section></div>
        """
    }
}

extension Web {
    var organizationEnd: [Endpoint] {
        organizationDesk("/delete") { visit, _, _ in
            EndPanel(
                name: visit.organizationName,
                place: visit.place,
                deletedAddress: visit.root.below("settings/deleted"),
                api: visit.root.below("api/v1/orgs")[visit.organizationName]
            )
        } take: { visit, organization, form in
            guard form.word("confirmed") == visit.organizationName else {
                throw Failure.invalid("Write '\(visit.organizationName)' to confirm: nothing was deleted.")
            }
            try await accounts.organizations(for: visit.identity).delete(organization)
            return .goOn(visit.root[visit.identity.login])
        }
    }
}
