import Accounts
import Core
import HTTP

/// A person or an organization, as somebody sees them.
struct ProfilePage: Page {
    enum Part: String, CaseIterable {
        case repositories, stars, people, teams
    }

    /// What the part shows.
    enum Content {
        case repositories(ListPage<Repository>)
        case people(ListPage<OrganizationMember>)
        case teams(ListPage<Team>)
    }

    let profile: Profile
    /// Those of a person that who looks may know of; nil for an organization.
    let organizations: ListPage<Profile>?
    let part: Part
    let content: Content
    let search: String
    let request: PageRequest
    let visit: Visit
    /// Whether who looks belongs to the organization.
    let isMember: Bool
    /// Whether who looks may make repositories here and change what is said.
    let mayManage: Bool

    var title: String { profile.login }
    var crumbs: [Crumb] { [Crumb(profile.login)] }
    var styles: [String] { ["settings/settings.css"] }
    var takesLong: Bool { true }

    var ways: [Way] {
        let api = visit.root.below("api/v1")
        return [
            .json(api["users"][profile.login]),
            .json(
                api.below("repos/search").with("uid", "\(profile.id.key)").with(
                    "q",
                    search.isEmpty ? nil : search
                )
            ),
        ]
    }

    var body: HTML {
        """
        <div class="profile-head">\(Avatar(profile.login).html)
        <div><h1>\(profile.fullName.isEmpty ? profile.login : profile.fullName)</h1>
        <p class="quiet">\(profile.login)\(profile.kind == .organization ? " · organization" : "")</p></div></div>
        <div class="columns"><div>\(tabs)\(shown)</div><aside>\(about)</aside></div>
        """
    }

    private var place: Address { visit.root[profile.login] }

    private var tabs: HTML {
        let parts: [Part] =
            profile.kind == .user
            ? [.repositories, .stars] : isMember ? [.repositories, .people, .teams] : [.repositories]
        return """
            <nav class="subtabs" aria-label="\(profile.login)">\(parts.map { part in
                let address = part == .repositories ? place : place.with("tab", part.rawValue)
                return """
                    <a href="\(address)" \(part == self.part ? "aria-current=\"page\"" : "" as HTML)>\(part.label)</a>
                    """ as HTML
            })</nav>
            """
    }

    private var shown: HTML {
        switch content {
        case .repositories(let list): "\(searchLine)\(repositories(list))\(pager(list.total))"
        case .people(let list): "\(people(list))\(pager(list.total))"
        case .teams(let list): "\(teams(list))\(pager(list.total))"
        }
    }

    private func pager(_ total: Int) -> HTML? {
        Pager(
            total: total,
            number: request.number,
            limit: request.limit,
            address: place.with("tab", part == .repositories ? nil : part.rawValue)
                .with("q", search.isEmpty ? nil : search)
        ).html
    }

    private var searchLine: HTML {
        """
        <form class="search-line" role="search">
        \(part == .repositories ? nil : "<input type=\"hidden\" name=\"tab\" value=\"\(part.rawValue)\">" as HTML)
        <label class="field"><span class="visually-hidden">Find a repository</span>
        <input type="search" name="q" value="\(search)" placeholder="Find a repository"></label>
        <button class="button">Find</button>
        \(mayManage && part == .repositories
            ? "<a class=\"button primary\" href=\"\(visit.root["new"].with("owner", profile.login))\">New repository</a>"
            : nil as HTML?)
        </form>
        """
    }

    private func repositories(_ list: ListPage<Repository>) -> HTML {
        guard !list.elements.isEmpty else { return nothing }
        return
            "<ul class=\"things\">\(list.elements.map { RepositoryLine(repository: $0, root: visit.root).html })</ul>"
    }

    private var nothing: HTML {
        if !search.isEmpty {
            return
                "<p>No repository here has “\(search)” in its name or description. <a href=\"\(place)\">Show all</a></p>"
        }
        guard part == .repositories, mayManage else {
            return """
                <p class="quiet">\(part == .stars ? "No stars yet." : "No repositories that you may see.")</p>
                """
        }
        return EmptyState(
            heading: "No repositories yet",
            text: "Make one with the button above; then push what you have to its address.",
            lines: "git remote add origin \(visit.origin)/\(profile.login)/iris.git\ngit push -u origin main"
        ).html
    }

    private func people(_ list: ListPage<OrganizationMember>) -> HTML {
        """
        <ul class="things">\(list.elements.map { member -> HTML in
            """
            <li class="row">\(Avatar(member.profile.login).html)<a href="\(visit.root[member.profile.login])">\
            \(member.profile.login)</a><span class="quiet">\(member.profile.fullName)</span>\
            <span class="badge">\(member.role.rawValue)</span></li>
            """
        })</ul>
        """
    }

    private func teams(_ list: ListPage<Team>) -> HTML {
        guard !list.elements.isEmpty else { return "<p class=\"quiet\">No teams yet.</p>" }
        return """
            <ul class="things">\(list.elements.map { team -> HTML in
                """
                <li><h3>\(team.name) <span class="badge">\(team.role?.rawValue ?? "nothing more")</span></h3>
                <p>\(team.description)</p></li>
                """
            })</ul>
            """
    }

    private var about: HTML {
        """
        \(profile.description.isEmpty ? nil : Markdown(profile.description).html())
        <dl class="facts">
        \(fact("Website", profile.website.isEmpty ? nil : website))
        \(fact("Location", profile.location.isEmpty ? nil : HTML(profile.location)))
        \(fact("Mail", profile.email.map { HTML($0) }))
        \(fact("Since", TimeLabel(profile.createdMs).html))
        \(fact("Belongs to", organizations.flatMap(names)))
        </dl>
        \(settings.map { "<p><a class=\"button\" href=\"\($0)\">\(Icon.settings.html)Settings</a></p>" as HTML })
        \(mayManage && profile.kind == .user ? newOrganization : nil)
        """
    }

    private var newOrganization: HTML {
        "<p><a class=\"button\" href=\"\(visit.root.below("orgs/new"))\">\(Icon.add.html)New organization</a></p>"
    }

    /// Security: only what begins with http:// or https:// is stored as a website, so that a link runs nothing.
    private var website: HTML {
        "<a href=\"\(profile.website)\" rel=\"nofollow noopener\">\(profile.website)</a>"
    }

    private var settings: Address? {
        guard mayManage else { return nil }
        return profile.kind == .user
            ? visit.root.below("settings/profile") : visit.root["orgs"][profile.login]["settings"]
    }

    private func names(of organizations: ListPage<Profile>) -> HTML? {
        guard !organizations.elements.isEmpty else { return nil }
        let links = organizations.elements.map { other -> HTML in
            "<a href=\"\(visit.root[other.login])\">\(other.login)</a>"
        }
        return links.joined(separator: ", ")
            + (ListEnd(hidden: organizations.total - links.count).html ?? .empty)
    }

    private func fact(_ name: String, _ value: HTML?) -> HTML? {
        value.map { "<dt>\(name)</dt><dd>\($0)</dd>" }
    }
}

extension ProfilePage.Part {
    fileprivate var label: String { rawValue.prefix(1).uppercased() + rawValue.dropFirst() }
}

/// A repository in a list.
struct RepositoryLine {
    let repository: Repository
    let root: Address

    var html: HTML {
        let place = repository.place
        return """
            <li><h3><a href="\(root[place.owner][place.name])">\(place.owner)/\(place.name)</a>\
            \(place.isPublic ? nil : "<span class=\"badge\">\(Icon.lock.html)private</span>" as HTML)\
            \(place.isArchived ? "<span class=\"badge warn\">archived</span>" as HTML : nil)</h3>
            \(repository.description.isEmpty ? nil : "<p>\(repository.description)</p>" as HTML)
            <p class="facts-line">
            \(repository.topics.map { "<span class=\"badge accent\">\($0)</span>" as HTML })
            <span>\(repository.starCount) \(repository.starCount == 1 ? "star" : "stars")</span>
            <span>\(repository.pushedMs.map { "pushed \(TimeLabel($0).html)" as HTML }
                ?? "made \(TimeLabel(repository.createdMs).html)")</span>
            </p></li>
            """
    }
}
