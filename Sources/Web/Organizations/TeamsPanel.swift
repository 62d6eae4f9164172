import Accounts
import Core
import HTTP

/// The teams of an organization.
struct TeamsPanel: Panel {
    let teams: ListPage<Team>
    let page: PageRequest
    let place: Address
    let api: Address
    let rejected: Query?

    var title: String { "Teams" }
    var ways: [Way] { [.json(api)] }

    var body: HTML {
        """
        <p class="quiet">A team gives its members a right in some repositories of the organization, or in all of them.</p>
        \(list)
        \(Pager(total: teams.total, number: page.number, limit: page.limit, address: place).html)
        <section><h2>Make a team</h2>
        \(FormBox(
            action: place, deed: "make", button: "Make the team", fields: TeamFields(team: nil, form: rejected).html
        ).html)</section>
        """
    }

    private var list: HTML {
        guard !teams.elements.isEmpty else {
            return EmptyState(
                heading: "No teams yet",
                text: "Members read everything already; make a team for those who write."
            ).html
        }
        return """
            <section><ul class="things">\(teams.elements.map { team -> HTML in
                """
                <li><h3><a href="\(place["\(team.id)"])">\(team.name)</a> <span class="badge">\(team.word)</span>
                \(team.reachesAll ? "<span class=\"badge accent\">all repositories</span>" as HTML : nil)</h3>
                <p>\(team.description)</p></li>
                """
            })</ul></section>
            """
    }
}

extension Team {
    /// What its members may do.
    var word: String { role?.rawValue ?? "nothing more" }
}

/// What a team is made of.
struct TeamFields {
    let team: Team?
    let form: Query?

    var html: HTML {
        """
        <div class="pair">
        \(LineField(name: "name", label: "Name", value: form?["name"] ?? team?.name ?? "", isRequired: true).html)
        \(ChoiceField(
            name: "permission", label: "Its members may", options: Self.permissions,
            value: form?["permission"] ?? team.map { $0.role?.rawValue ?? "none" } ?? "write"
        ).html)
        </div>
        \(LineField(
            name: "description", label: "Description", value: form?["description"] ?? team?.description ?? ""
        ).html)
        \(CheckField(
            name: "reaches_all", label: "In all repositories of the organization",
            isChecked: form.map { $0.isChecked("reaches_all") } ?? team?.reachesAll ?? false
        ).html)
        """
    }

    private static let permissions =
        [ChoiceField.Option(value: "none", label: "nothing more than members")] + Role.options
}

extension TeamChange {
    /// What a form with `TeamFields` says.
    init(_ form: Query) throws {
        try self.init(
            name: form.word("name"),
            description: form.word("description"),
            permission: form.choice("permission"),
            reachesAll: form.isChecked("reaches_all")
        )
    }
}

extension Web {
    var organizationTeams: [Endpoint] {
        organizationDesk("/teams") { visit, organization, rejected in
            let page = try visit.pageRequest()
            return TeamsPanel(
                teams: try await accounts.teams(of: organization, for: visit.identity).list(page),
                page: page,
                place: visit.place,
                api: visit.root.below("api/v1/orgs")[visit.organizationName]["teams"],
                rejected: rejected?.form
            )
        } take: { visit, organization, form in
            let teams = accounts.teams(of: organization, for: visit.identity)
            let team = try await teams.create(TeamChange(form))
            return .goOn(visit.place["\(team.id)"].after(.added))
        }
    }
}
