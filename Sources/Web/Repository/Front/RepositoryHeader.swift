import Accounts
import Core
import Repositories

/// What a repository is, and what somebody can do with it as a whole.
struct RepositoryHeader: Sendable {
    let repository: RepositoryVisit
    let facts: Repository
    /// What it was forked from, where that may be seen.
    let parent: Repository?
    let isStarred: Bool
    let isWatched: Bool
    /// The server that it follows.
    let mirror: Mirror?

    private var visit: Visit { repository.visit }

    var html: HTML {
        """
        <div class="repository-head"><div class="row between">
        <h1><a href="\(visit.root[facts.place.owner])">\(facts.place.owner)</a><span class="quiet">/</span>\(facts.place.name)
        <span class="badge">\(facts.place.isPublic ? "public" : "private")</span>
        \(facts.place.isArchived ? "<span class=\"badge warn\">archived</span>" : nil)</h1>
        <div class="row">\(attention(.star, facts.starCount, isStarred))\(attention(.watch, facts.watcherCount, isWatched))\(fork)</div>
        </div>
        \(origin)\(notes)</div>
        """
    }

    private var origin: HTML? {
        parent.map { parent in
            """
            <p class="quiet">Forked from <a href="\(visit.root[parent.place.owner][parent.place.name])">\(parent.place.fullName)</a></p>
            """
        }
    }

    private var notes: HTML {
        """
        \(facts.place.isArchived
            ? "<p class=\"note warn\">This repository is archived: it is only read.</p>" : nil)
        \(mirror.map { mirror in
            """
            <p class="note">This repository follows another server and is changed there\
            \(visit.mayAdmin ? ": \(mirror.address)" as HTML : "" as HTML).\
            \(mirror.lastSuccessMs.map { " Last brought here \(TimeLabel($0).html)." as HTML })</p>
            """ as HTML
        })
        """
    }

    private func attention(_ attention: Attention, _ count: Int, _ isGiven: Bool) -> HTML {
        let (icon, word, done) =
            attention == .star ? (Icon.star, "Star", "Starred") : (Icon.eye, "Watch", "Watching")
        guard visit.isSignedIn else {
            return
                "<span class=\"button\" title=\"\(word)s\">\(icon.html) \(count)<span class=\"visually-hidden\"> \(word)s</span></span>"
        }
        return """
            <form method="post" action="\(visit.base[attention == .star ? "star" : "watch"])">\
            <input type="hidden" name="given" value="\(isGiven ? "no" : "yes")">\
            <button class="button" aria-pressed="\(isGiven ? "true" : "false")">\(icon.html) \(isGiven ? done : word) \
            <span class="count">\(count)</span></button></form>
            """
    }

    private var fork: HTML {
        guard visit.isSignedIn else {
            return
                "<span class=\"button\">\(Icon.fork.html) \(facts.forkCount)<span class=\"visually-hidden\"> forks</span></span>"
        }
        return
            "<a class=\"button\" href=\"\(visit.base["fork"])\">\(Icon.fork.html) Fork <span class=\"count\">\(facts.forkCount)</span></a>"
    }
}

extension Web {
    func header(of repository: RepositoryVisit) async throws -> RepositoryHeader {
        let visit = repository.visit
        let store = accounts.repositories(for: visit.identity)
        async let facts = store.get(repository.place.workspace)
        async let isStarred = visit.isSignedIn ? store.gives(.star, to: repository.place.workspace) : false
        async let isWatched = visit.isSignedIn ? store.gives(.watch, to: repository.place.workspace) : false
        async let mirrors = repositories.mirrors(for: visit.caller).list()
        let found = try await facts
        var parent: Repository?
        if let source = found.forkedFrom { parent = try await store.find(source) }
        return try await RepositoryHeader(
            repository: repository,
            facts: found,
            parent: parent,
            isStarred: isStarred,
            isWatched: isWatched,
            mirror: mirrors.first { $0.direction == .pull }
        )
    }
}
