import Accounts
import Core
import HTTP

/// Who was given a right in a repository.
struct AccessPanel: Panel {
    let repository: RepositoryPlace
    let collaborators: ListPage<Collaborator>
    let page: PageRequest
    /// Of the organization that owns it; nil for a person.
    let teams: [Team]?
    /// Where an organization looks after its teams.
    let teamsAddress: Address
    let place: Address
    let root: Address
    let api: Address
    let rejected: Query?

    var title: String { "Access" }
    var ways: [Way] { [.json(api["collaborators"])] }

    var body: HTML {
        """
        <p class="quiet">\(rule)</p>
        <section><h2>Collaborators</h2>\(list)
        \(Pager(total: collaborators.total, number: page.number, limit: page.limit, address: place).html)</section>
        <section><h2>Give somebody a right</h2>
        \(table.adding(button: "Give the right", role: "write", label: "May", rejected))</section>
        \(teamList)
        """
    }

    private var rule: String {
        let all = repository.isPublic ? "Everybody reads this repository. " : ""
        return all
            + "'\(repository.owner)' administers it; of the rights that somebody has by several ways the highest counts."
    }

    private var table: PeopleTable {
        PeopleTable(heading: "May", options: Role.options, place: place, root: root) { "What \($0) may" }
    }

    private var list: HTML {
        collaborators.elements.isEmpty
            ? "<p>Nobody was given a right of their own.</p>"
            : table.html(collaborators.elements.map { ($0.profile, $0.role.rawValue) })
    }

    private var teamList: HTML? {
        guard let teams else { return nil }
        let rows = teams.map { team -> HTML in
            """
            <li><h3>\(team.name) <span class="badge">\(team.role?.rawValue ?? "nothing more")</span></h3>
            <p>\(team.description)</p></li>
            """
        }
        return """
            <section><h2>Teams</h2>
            \(rows.isEmpty ? "<p>No team of '\(repository.owner)' works in it.</p>" : "<ul class=\"things\">\(rows)</ul>" as HTML)
            <p><a class="button" href="\(teamsAddress)">Teams of \(repository.owner)</a></p></section>
            """
    }
}

extension Web {
    var accessSettings: [Endpoint] {
        repositoryDesk("/access") { visit, place, rejected in
            let page = try visit.pageRequest()
            return AccessPanel(
                repository: place,
                collaborators: try await accounts.collaborators(for: visit.identity)
                    .list(of: place.workspace, page),
                page: page,
                teams: try await teams(of: place, visit),
                teamsAddress: visit.root["orgs"][place.owner].below("settings/teams"),
                place: visit.place,
                root: visit.root,
                api: visit.repositoryAPI,
                rejected: rejected?.form
            )
        } take: { visit, place, form in
            let store = accounts.collaborators(for: visit.identity)
            switch form["do"] {
            case "remove":
                try await store.remove(form.word("login"), from: place.workspace)
                return .goOn(visit.place.after(.removed))
            case "set":
                try await store.set(form.word("login"), to: form.choice("role"), in: place.workspace)
                return .goOn(visit.place.after(.saved))
            default: throw Failure.unknownDeed
            }
        }
    }

    /// The teams that work in a repository; nil where a person owns it, or who asks is no member of the owner.
    private func teams(of place: RepositoryPlace, _ visit: Visit) async throws -> [Team]? {
        guard try await accounts.profiles(for: visit.identity).get(place.owner).kind == .organization else {
            return nil
        }
        do {
            let teams = accounts.teams(of: place.ownerID, for: visit.identity)
            return try await teams.list(workingIn: place.workspace)
        } catch is Refusal {
            return nil
        }
    }
}
