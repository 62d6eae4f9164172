import Accounts
import Core
import HTTP
import HTTPTypes
import Hummingbird

/// Organizations: making them, and what their admins change.
extension Web {
    var organizationEndpoints: [Endpoint] {
        newOrganization + organizationProfile + organizationMembers + organizationTeams + organizationTeam
            + organizationEnd
    }

    /// A page of the settings of an organization, for its admins.
    func organizationDesk(
        _ path: String,
        item: String? = nil,
        load: @escaping @Sendable (Visit, AccountID, Rejected?) async throws -> any Panel,
        take: @escaping @Sendable (Visit, AccountID, Query) async throws -> Outcome
    ) -> [Endpoint] {
        desk("orgs/:org/settings" + path, in: .site, needs: .manage) { visit, rejected in
            SettingsPage(
                menu: .ofOrganization(visit),
                panel: try await load(visit, visit.requiredOrganization, rejected),
                notice: Notice(visit, rejected),
                item: item
            )
        } take: { visit, form in
            try await take(visit, visit.requiredOrganization, form)
        }
    }

    private var newOrganization: [Endpoint] {
        desk("orgs/new", in: .site, needs: .signedIn) { visit, rejected in
            NewOrganizationPage(
                place: visit.place,
                origin: visit.origin,
                notice: Notice(visit, rejected),
                form: rejected?.form
            )
        } take: { visit, form in
            let name = try AccountName(form.word("name"))
            let organizations = accounts.organizations(for: visit.identity)
            let made = try await organizations.create(name, ProfileChange(form))
            return .goOn(visit.root[made.login])
        }
    }

    private var organizationProfile: [Endpoint] {
        organizationDesk("") { visit, _, rejected in
            OrganizationPanel(
                profile: try await accounts.profiles(for: visit.identity).get(visit.organizationName),
                place: visit.place,
                api: visit.root.below("api/v1/orgs")[visit.organizationName],
                rejected: rejected?.form
            )
        } take: { visit, organization, form in
            _ = try await accounts.organizations(for: visit.identity).edit(organization, ProfileChange(form))
            return .goOn(visit.place.after(.saved))
        }
    }
}

extension Visit {
    /// The organization that the address names, where the row is below one.
    var requiredOrganization: AccountID {
        guard let organization = call.access.organization else {
            preconditionFailure("the address of this page names no organization")
        }
        return organization
    }

    /// As the address has it.
    var organizationName: String { call.parameter("org") }
}

extension SettingsMenu {
    static func ofOrganization(_ visit: Visit) -> SettingsMenu {
        let name = visit.organizationName
        let settings = visit.root["orgs"][name]["settings"]
        return SettingsMenu(
            title: "Settings of \(name)",
            crumbs: [Crumb(name, visit.root[name]), Crumb("Settings", settings)],
            items: [
                Item("Profile", settings), Item("Members", settings["members"]),
                Item("Teams", settings["teams"]), Item("Delete", settings["delete"]),
            ]
        )
    }
}

/// Where somebody makes an organization.
private struct NewOrganizationPage: Page {
    let place: Address
    let origin: String
    let notice: Notice?
    let form: Query?

    var title: String { "New organization" }
    var crumbs: [Crumb] { [Crumb(title)] }
    var styles: [String] { ["settings/settings.css"] }

    var ways: [Way] {
        [
            .shell(
                """
                curl -X POST -H "Authorization: Bearer $ROOST_TOKEN" -H 'Content-Type: application/json' \\
                  -d '{"username": "lab"}' \(origin)/api/v1/orgs
                """
            )
        ]
    }

    var body: HTML {
        """
        <h1>\(title)</h1>
        \(notice?.html)
        <p class="quiet">An organization owns repositories together; you are its first admin.</p>
        \(FormBox(action: place, deed: "make", button: "Make the organization", fields: """
            \(LineField(
                name: "name", label: "Name", value: form?["name"] ?? "",
                hint: "The first part of the addresses of its repositories.", isRequired: true
            ).html)
            \(ProfileFields(profile: nil, rejected: form).html)
            """ as HTML).html)
        """
    }
}

/// What is said of an organization.
private struct OrganizationPanel: Panel {
    let profile: Profile
    let place: Address
    let api: Address
    let rejected: Query?

    var title: String { "Profile" }
    var ways: [Way] { [.json(api)] }

    var body: HTML {
        FormBox(
            action: place,
            deed: "save",
            button: "Save",
            fields: ProfileFields(profile: profile, rejected: rejected).html
        ).html
    }
}
