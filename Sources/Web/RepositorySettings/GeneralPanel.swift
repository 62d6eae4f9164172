import Accounts
import Core
import HTTP
import Repositories

/// What is said of a repository, who sees it, and its name.
struct GeneralPanel: Panel {
    let repository: Repository
    /// Empty where nothing was pushed yet.
    let branches: [Branch]
    /// Whether there are more than those.
    let hasMoreBranches: Bool
    /// The branch that people see first, which may not be there yet; nil where there is no Git repository yet.
    let head: String?
    let place: Address
    let api: Address
    let rejected: Query?

    var title: String { "General" }
    var ways: [Way] { [.json(api)] }

    var body: HTML {
        """
        <section>\(FormBox(action: place, deed: "save", button: "Save", fields: words).html)</section>
        \(defaultBranch)
        <section><h2>Who sees it</h2>
        \(FormBox(action: place, deed: "show", button: "Save", look: .plain, fields: visibility).html)</section>
        <section><h2>Name</h2>
        <p class="quiet">The old address leads here, for browsers, Git and MLflow alike, until something else is made there.</p>
        \(FormBox(action: place, deed: "rename", button: "Rename", look: .plain, fields: name).html)</section>
        """
    }

    private var words: HTML {
        """
        \(AreaField(
            name: "description", label: "Description", value: rejected?["description"] ?? repository.description, rows: 2
        ).html)
        \(LineField(
            name: "website", label: "Website", value: rejected?["website"] ?? repository.website, type: "url",
            placeholder: "https://"
        ).html)
        \(LineField(
            name: "topics", label: "Topics", value: rejected?["topics"] ?? repository.topics.joined(separator: " "),
            hint: "Words with spaces between them: small letters, digits and '-'."
        ).html)
        """
    }

    private var defaultBranch: HTML? {
        guard !branches.isEmpty else { return nil }
        let names = branches.map(\.name.text)
        // The present one is among the choices, however many there are, so that nothing changes by itself.
        let others = head.map { names.contains($0) ? [] : [$0] } ?? []
        let field = ChoiceField(
            name: "branch",
            label: "What people see first, and what a clone begins with",
            options: (others + names).map { .init(value: $0, label: $0) },
            value: head ?? "",
            hint: hasMoreBranches ? "Not all branches are offered; the API takes any." : ""
        )
        return """
            <section><h2>Default branch</h2>
            \(FormBox(action: place, deed: "branch", button: "Save", look: .plain, fields: field.html).html)</section>
            """
    }

    private var visibility: HTML {
        """
        <fieldset><legend class="visually-hidden">Who sees it</legend>
        \(RadioField(
            name: "visibility", value: "private", label: "Private", isChecked: !repository.place.isPublic,
            hint: "Only who was given a right, and members of the organization that owns it."
        ).html)
        \(RadioField(
            name: "visibility", value: "public", label: "Public", isChecked: repository.place.isPublic,
            hint: "Whoever reaches this server, with its experiments and models."
        ).html)
        </fieldset>
        """
    }

    private var name: HTML {
        LineField(
            name: "name",
            label: "Name",
            value: rejected?["name"] ?? repository.place.name,
            isRequired: true
        ).html
    }
}

extension Web {
    private static let mostBranches = 1_000

    var generalSettings: [Endpoint] {
        repositoryDesk("") { visit, place, rejected in
            let git = repositories.reading(for: visit.caller)
            let isThere = repositories.storage.exists(place.workspace)
            async let repository = accounts.repositories(for: visit.identity).get(place.workspace)
            async let branches = isThere ? git.branches(limit: Self.mostBranches) : []
            return GeneralPanel(
                repository: try await repository,
                branches: try await branches,
                hasMoreBranches: try await branches.count == Self.mostBranches,
                head: isThere ? try await git.defaultBranch()?.text : nil,
                place: visit.place,
                api: visit.repositoryAPI,
                rejected: rejected?.form
            )
        } take: { visit, place, form in
            try await change(place, form, visit)
        }
    }

    private func change(_ place: RepositoryPlace, _ form: Query, _ visit: Visit) async throws -> Outcome {
        let store = accounts.repositories(for: visit.identity)
        switch form["do"] {
        case "rename":
            try await store.edit(place.workspace, RepositoryChange(name: form.word("name")))
            let name = try RepositoryName(form.word("name")).text
            return .goOn(visit.root[place.owner][name]["settings"].after(.moved))
        case "show":
            let visibility: Visibility = try form.choice("visibility")
            try await store.edit(place.workspace, RepositoryChange(visibility: visibility))
        case "branch":
            try await repositories.storage.setDefaultBranch(
                BranchName(form.text("branch")),
                of: place.workspace
            )
        case "save":
            let words = form.text("topics").split(whereSeparator: { $0.isWhitespace || $0 == "," })
            let topics = try words.map { try Topic(String($0)) }
            let change = try RepositoryChange(
                description: form.text("description").replacing("\r\n", with: "\n"),
                website: form.word("website")
            )
            try await store.edit(place.workspace, change)
            try await store.set(topics, of: place.workspace)
        default: throw Failure.unknownDeed
        }
        return .goOn(visit.place.after(.saved))
    }
}
