import Accounts
import Core
import HTTP

/// One team: who is in it, and where it works.
struct TeamPanel: Panel {
    let team: Team
    let members: ListPage<Profile>
    let repositories: ListPage<Repository>
    let place: Address
    let root: Address
    let api: Address
    let rejected: Query?

    var title: String { team.name }
    var ways: [Way] { [.json(api), .json(api["members"]), .json(api["repos"])] }

    var body: HTML {
        """
        <section><h2>People</h2>
        \(members.elements.isEmpty
            ? "<p>Nobody yet.</p>" : table(members.elements.map { ($0.login, root[$0.login]) }, of: "member"))
        \(ListEnd(hidden: members.total - members.elements.count).html)
        \(FormBox(
            action: place, deed: "add-member", button: "Add", look: .plain,
            fields: LineField(name: "member", label: "Name", isRequired: true).html
        ).html)</section>
        <section><h2>Repositories</h2>\(work)</section>
        <section><h2>Change it</h2>
        \(FormBox(action: place, deed: "save", button: "Save", fields: TeamFields(team: team, form: rejected).html).html)</section>
        <section><h2>Delete</h2>
        <p>Its members keep what they may do by other ways.</p>
        \(FormBox(action: place, deed: "delete", button: "Delete the team", look: .danger).html)</section>
        """
    }

    private var work: HTML {
        guard !team.reachesAll else { return "<p>All of the organization, those to come included.</p>" }
        let names = repositories.elements.map { ($0.place.name, root[$0.place.owner][$0.place.name]) }
        return """
            \(names.isEmpty ? "<p>None yet.</p>" : table(names, of: "repository"))
            \(ListEnd(hidden: repositories.total - names.count).html)
            \(FormBox(
                action: place, deed: "add-repository", button: "Add", look: .plain,
                fields: LineField(name: "repository", label: "Name", isRequired: true).html
            ).html)
            """
    }

    private func table(_ names: [(String, Address)], of kind: String) -> HTML {
        """
        <div class="scroll"><table class="list"><tbody>\(names.map { name, address -> HTML in
            let remove = FormBox(
                action: place, deed: "remove-\(kind)", button: "Remove", look: .danger, hidden: [(kind, name)], about: name
            )
            return "<tr><td><a href=\"\(address)\">\(name)</a></td><td class=\"end\">\(remove.inRow)</td></tr>"
        })</tbody></table></div>
        """
    }
}

extension Web {
    var organizationTeam: [Endpoint] {
        organizationDesk("/teams/:team", item: "Teams") { visit, organization, rejected in
            let teams = accounts.teams(of: organization, for: visit.identity)
            let team = try await teams.get(visit.teamID)
            let page = try PageRequest(limit: PageRequest.mostLimit)
            async let members = teams.members(of: team.id, page)
            async let repositories = accounts.repositories(for: visit.identity)
                .list(RepositorySearch(.ofTeam(team.id)), page)
            return TeamPanel(
                team: team,
                members: try await members,
                repositories: try await repositories,
                place: visit.place,
                root: visit.root,
                api: visit.root.below("api/v1/orgs")[visit.organizationName]["teams"]["\(team.id)"],
                rejected: rejected?.form["do"] == "save" ? rejected?.form : nil
            )
        } take: { visit, organization, form in
            let teams = accounts.teams(of: organization, for: visit.identity)
            return try await change(teams, visit.teamID, form, visit)
        }
    }

    private func change(
        _ teams: TeamStore,
        _ id: Int64,
        _ form: Query,
        _ visit: Visit
    ) async throws -> Outcome {
        switch form["do"] {
        case "add-member": try await teams.add(form.word("member"), to: id)
        case "remove-member": try await teams.remove(form.word("member"), from: id)
        case "add-repository": try await teams.add(repository: form.word("repository"), to: id)
        case "remove-repository": try await teams.remove(repository: form.word("repository"), from: id)
        case "delete":
            try await teams.delete(id)
            let list = visit.root["orgs"][visit.organizationName].below("settings/teams")
            return .goOn(list.after(.removed))
        case "save": _ = try await teams.edit(id, TeamChange(form))
        default: throw Failure.unknownDeed
        }
        return .goOn(visit.place.after(.saved))
    }
}

extension Visit {
    fileprivate var teamID: Int64 {
        get throws { try number("team", orMissing: "The organization has no such team.") }
    }
}
