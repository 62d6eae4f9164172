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

    var body: HTML {
        """
        <p class="quiet">Members read all of its repositories; its admins administer them, its teams and this page.</p>
        <section class="scroll"><table class="list"><thead><tr><th>Name</th><th>Is</th>
        <th><span class="visually-hidden">Remove</span></th></tr></thead><tbody>\(members.elements.map(row))</tbody></table></section>
        \(Pager(total: members.total, number: page.number, limit: page.limit, address: place).html)
        <section><h2>Add somebody</h2>
        \(FormBox(action: place, deed: "set", button: "Add", fields: fields).html)</section>
        """
    }

    private func row(_ member: OrganizationMember) -> HTML {
        let login = member.profile.login
        let change = FormBox(
            action: place,
            deed: "set",
            button: "Change",
            look: .plain,
            hidden: [("login", login)],
            fields: ChoiceField(
                name: "role",
                label: "What \(login) is",
                options: Self.roles,
                value: member.role.rawValue,
                isLabelHidden: true
            ).html
        )
        let remove = FormBox(
            action: place,
            deed: "remove",
            button: "Remove",
            look: .danger,
            hidden: [("login", login)],
            about: login
        )
        return """
            <tr><td><a href="\(root[login])">\(login)</a> <span class="quiet">\(member.profile.fullName)</span></td>
            <td>\(change.inRow)</td><td class="end">\(remove.inRow)</td></tr>
            """
    }

    private var fields: HTML {
        """
        <div class="pair">
        \(LineField(name: "login", label: "Name", value: rejected?["login"] ?? "", isRequired: true).html)
        \(ChoiceField(name: "role", label: "As", options: Self.roles, value: rejected?["role"] ?? "member").html)
        </div>
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
            if form["do"] == "remove" {
                try await organizations.remove(login, from: organization)
                // Who has left has nothing more to look after.
                let isGone = login.lowercased() == visit.identity.login.lowercased() && !visit.isServerAdmin
                return .goOn(isGone ? visit.root[visit.organizationName] : visit.place.after(.removed))
            }
            try await organizations.set(login, to: form.choice("role"), in: organization)
            return .goOn(visit.place.after(.saved))
        }
    }
}
