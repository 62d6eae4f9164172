import Accounts

/// Repositories as a list to look through.
struct RepositoryRows {
    let repositories: [Repository]
    let root: Address

    var html: HTML { "<ul class=\"repositories\">\(repositories.map(row))</ul>" }

    private func row(_ repository: Repository) -> HTML {
        let place = repository.place
        return """
            <li><div class="row between"><a href="\(root[place.owner][place.name])"><strong>\(place.fullName)</strong></a>
            <span class="small quiet nowrap">\(Icon.star.html) \(repository.starCount)<span class="visually-hidden"> stars</span></span></div>
            \(repository.description.isEmpty ? nil : "<p>\(repository.description)</p>" as HTML?)
            <p class="small quiet row">\(badges(repository)) Changed \(TimeLabel(repository.pushedMs ?? repository.updatedMs).html) \(topics(repository))</p></li>
            """
    }

    private func badges(_ repository: Repository) -> HTML {
        """
        \(repository.place.isPublic ? nil : "<span class=\"badge\">Private</span>" as HTML?)\
        \(repository.place.isArchived ? "<span class=\"badge warn\">Archived</span>" : nil as HTML?)
        """
    }

    private func topics(_ repository: Repository) -> [HTML] {
        repository.topics.map { topic in
            "<a class=\"badge accent\" href=\"\(root["explore"].with("topic", topic))\">\(topic)</a>"
        }
    }
}
