import Accounts
import Core
import HTTP

/// Who belongs to an organization.
struct MembersPanel: Panel {
    let members: ListPage<OrganizationMember>
    let page: PageRequest
    let place: Address
    let root: Address
    let api: Address
    let rejected: Query?

    var title: String { "Members" }
    var ways: [Way] { [.json(api)] }

    private var table: PeopleTable {
        PeopleTable(heading: "Is", options: Self.roles, place: place, root: root) { "What \($0) is" }
    }

    var body: HTML {
        """
        <p class="quiet">Members read all of its repositories; its admins administer them, its teams and this page.</p>
        <section>\(table.html(members.elements.map { ($0.profile, $0.role.rawValue) }))</section>
        \(Pager(total: members.total, number: page.number, limit: page.limit, address: place).html)
        <section><h2>Add somebody</h2>\(table.adding(button: "Add", role: "member", label: "As", rejected))</section>
        """
    }

    private static let roles = [
        ChoiceField.Option(value: "member", label: "member"), .init(value: "admin", label: "admin"),
    ]
}

extension Web {
    var organizationMembers: [Endpoint] {
        organizationDesk("/members") { visit, organization, rejected in
            let page = try visit.pageRequest()
            return MembersPanel(
                members: try await accounts.organizations(for: visit.identity).members(
                    of: organization,
                    page
                ),
                page: page,
                place: visit.place,
                root: visit.root,
                api: visit.root.below("api/v1/orgs")[visit.organizationName]["members"],
                rejected: rejected?.form
            )
        } take: { visit, organization, form in
            let organizations = accounts.organizations(for: visit.identity)
            let login = form.word("login")
            switch form["do"] {
            case "remove":
                try await organizations.remove(login, from: organization)
                // Who has left has nothing more to look after.
                let isGone = login.lowercased() == visit.identity.login.lowercased() && !visit.isServerAdmin
                return .goOn(isGone ? visit.root[visit.organizationName] : visit.place.after(.removed))
            case "set":
                try await organizations.set(login, to: form.choice("role"), in: organization)
                return .goOn(visit.place.after(.saved))
            default: throw Failure.unknownDeed
            }
        }
    }
}
