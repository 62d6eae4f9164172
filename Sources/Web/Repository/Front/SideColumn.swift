import Accounts
import Core
import Registry
import Repositories
import Tracking

/// What stands beside the files of a repository: what it is about, and what was made of it.
struct SideColumn: Sendable {
    let repository: RepositoryVisit
    let facts: Repository
    let releases: [Release]
    let languages: [LanguageShare]
    let experiments: [Experiment]
    let hasMoreExperiments: Bool
    let runs: [Run]
    let models: [RegisteredModel]
    /// The right that somebody was given here and may give up; nil where theirs comes from elsewhere.
    let givenRole: Role?

    private var base: Address { repository.visit.base }

    var html: HTML {
        """
        <aside class="side" aria-label="About this repository">
        <h2>About</h2>
        <p>\(facts.description.isEmpty ? "No description yet." : facts.description)</p>
        \(website)\(topics)
        \(languageBar)
        <h2><a href="\(base["releases"])">Releases</a></h2>
        \(releases.isEmpty ? "<p class=\"quiet\">None yet.</p>" : "<ul class=\"plain\">\(releases.map(release))</ul>" as HTML)
        <h2><a href="\(base["experiments"])">Experiments</a> <span class="quiet">\(experimentCount)</span></h2>
        \(runs.isEmpty
            ? "<p class=\"quiet\">No runs yet.</p>" : "<ul class=\"plain\">\(runs.map(run))</ul>" as HTML)
        <h2><a href="\(base["models"])">Models</a></h2>
        \(models.isEmpty
            ? "<p class=\"quiet\">None yet.</p>" : "<ul class=\"plain\">\(models.map(model))</ul>" as HTML)
        \(givenRole.map(leaving))
        </aside>
        """
    }

    private func leaving(_ role: Role) -> HTML {
        let form = FormBox(
            action: base["leave"],
            deed: "leave",
            button: "Leave this repository",
            look: .danger
        )
        return """
            <h2>Your right</h2>
            <details><summary class="quiet">You were given the right to \(role == .admin ? "administer" : role.rawValue) it.</summary>
            <p class="quiet">If you leave, only who administers it can give it to you again.</p>\(form.html)</details>
            """
    }

    private var experimentCount: String { "\(experiments.count)\(hasMoreExperiments ? "+" : "")" }

    /// Security: only addresses of the web; the store takes no others either.
    private var website: HTML? {
        guard facts.website.hasPrefix("https://") || facts.website.hasPrefix("http://") else { return nil }
        return """
            <p>\(Icon.external.html) <a href="\(facts.website)" rel="nofollow noopener noreferrer">\(facts.website)</a></p>
            """
    }

    private var topics: HTML? {
        facts.topics.isEmpty
            ? nil
            : "<p class=\"row topics\">\(facts.topics.map { "<span class=\"badge accent\">\($0)</span>\n" as HTML })</p>"
    }

    private var languageBar: HTML? {
        guard !languages.isEmpty else { return nil }
        return """
            <h2>Languages</h2>
            <svg class="language-bar" viewBox="0 0 1000 8" preserveAspectRatio="none" aria-hidden="true">\(languageParts)</svg>
            <ul class="plain languages">\(languages.enumerated().map { place, language in
                """
                <li><svg class="language-dot" viewBox="0 0 8 8" aria-hidden="true"><circle cx="4" cy="4" r="4" class="language-\(place)"/></svg>
                \(language.name) <span class="quiet">\(language.percent) %</span></li>
                """ as HTML
            })</ul>
            """
    }

    private var languageParts: HTML {
        var start = 0.0
        return languages.enumerated().map { place, language in
            defer { start += language.part * 1_000 }
            let (x, width) = (String(start.rounded()), String((language.part * 1_000).rounded()))
            return "<rect x=\"\(x)\" y=\"0\" width=\"\(width)\" height=\"8\" class=\"language-\(place)\"/>"
                as HTML
        }.joined()
    }

    private func release(_ release: Release) -> HTML {
        """
        <li>\(Icon.tag.html) <a href="\(base["releases"])#release-\(release.id)">\(release.name.isEmpty ? release.tag.text : release.name)</a>
        \(release.publishedMs.map { TimeLabel($0).html })</li>

        """
    }

    private func run(_ run: Run) -> HTML {
        """
        <li>\(Icon.run.html) <a href="\(base["runs"][run.info.id])">\(run.info.shownName.html)</a>
        \(TimeLabel(run.info.startTime).html)</li>

        """
    }

    private func model(_ model: RegisteredModel) -> HTML {
        let latest = model.latestVersions.map(\.version).max()
        return """
            <li>\(Icon.model.html) <a href="\(base["models"][model.name])">\(model.name)</a>
            \(latest.map { "<span class=\"quiet\">version \($0)</span>" as HTML })</li>

            """
    }
}

extension Web {
    private static let mostExperiments = 200

    func sideColumn(
        of repository: RepositoryVisit,
        _ facts: Repository,
        at revision: ResolvedRevision?
    ) async throws -> SideColumn {
        let caller = repository.visit.caller
        async let releases = repositories.releases(for: caller).list(
            PageRequest(number: 1, limit: 3),
            drafts: false
        )
        async let models = registry.registeredModels(for: caller).search(
            RegistrySearch(filter: nil, orderBy: ["last_updated_timestamp DESC"], limit: 4, pageToken: nil)
        )
        async let givenRole = accounts.collaborators(for: repository.visit.identity)
            .own(in: repository.place.workspace)
        let latest = try await latestRuns(
            where: nil,
            most: 5,
            inExperiments: Self.mostExperiments,
            for: caller
        )
        var languages: [LanguageShare] = []
        if let revision { languages = try await repository.content.languages(of: revision.commit) }
        return try await SideColumn(
            repository: repository,
            facts: facts,
            releases: releases.elements,
            languages: languages,
            experiments: latest.experiments,
            hasMoreExperiments: latest.hasMoreExperiments,
            runs: latest.runs,
            models: models.models,
            givenRole: givenRole
        )
    }
}
