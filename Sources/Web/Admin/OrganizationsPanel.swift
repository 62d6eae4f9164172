import Accounts
import Core
import HTTP

/// All organizations of the server.
private struct OrganizationsPanel: Panel {
    let organizations: ListPage<OrganizationSummary>
    let search: String
    let page: PageRequest
    let place: Address
    let root: Address
    let address: Address

    var title: String { "Organizations" }

    var ways: [Way] { [.json(address.searching(search, page))] }

    var json: JSON {
        [
            "total": .integer(Int64(organizations.total)),
            "organizations": .array(
                organizations.elements.map { organization in
                    [
                        "name": .string(organization.profile.login),
                        "full_name": .string(organization.profile.fullName),
                        "members": .integer(Int64(organization.memberCount)),
                        "repositories": .integer(Int64(organization.repositoryCount)),
                        "created_ms": .integer(organization.profile.createdMs),
                    ]
                }
            ),
        ]
    }

    var body: HTML {
        """
        \(SearchLine(
            label: "Find an organization", placeholder: "Name", text: search,
            rest: " <a class=\"button\" href=\"\(root.below("orgs/new"))\">New organization</a>"
        ).html)
        \(list)
        \(Pager(
            total: organizations.total, number: page.number, limit: page.limit,
            address: place.with("q", search.isEmpty ? nil : search)
        ).html)
        """
    }

    private var list: HTML {
        guard !organizations.elements.isEmpty else {
            return EmptyState(
                heading: "No organizations",
                text: "Whoever has an account makes one; its repositories belong to all of its admins."
            ).html
        }
        return """
            <section class="scroll"><table class="list"><thead><tr><th>Name</th><th class="number">Members</th>
            <th class="number">Repositories</th><th>Made</th><th><span class="visually-hidden">Settings</span></th></tr></thead>
            <tbody>\(organizations.elements.map(row))</tbody></table></section>
            """
    }

    private func row(_ organization: OrganizationSummary) -> HTML {
        let login = organization.profile.login
        return """
            <tr><td><a href="\(root[login])">\(login)</a> <span class="quiet">\(organization.profile.fullName)</span></td>
            <td class="number">\(organization.memberCount)</td><td class="number">\(organization.repositoryCount)</td>
            <td>\(TimeLabel(organization.profile.createdMs).html)</td>
            <td class="end"><a href="\(root["orgs"][login]["settings"])">Settings</a></td></tr>
            """
    }
}

extension Web {
    var adminOrganizations: [Endpoint] {
        [
            adminPage("organizations") { try await organizationsPanel($0) },
            adminJSON("organizations") { try await organizationsPanel($0).json },
        ]
    }

    private func organizationsPanel(_ visit: Visit) async throws -> OrganizationsPanel {
        let page = try visit.pageRequest()
        let search = visit.query("q") ?? ""
        return OrganizationsPanel(
            organizations: try await accounts.organizations(for: visit.identity)
                .all(containing: search, page),
            search: search,
            page: page,
            place: visit.place,
            root: visit.root,
            address: visit.adminJSON("organizations")
        )
    }
}
