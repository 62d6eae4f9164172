import Accounts
import Core
import Registry

/// The registered models of a workspace, or its prompts.
struct ModelsPage: Page {
    enum Kind: String, Sendable {
        case models, prompts

        /// What the search of the registry is told beside what somebody looks for.
        var condition: String? { self == .prompts ? "tags.`mlflow.prompt.is_prompt` = 'true'" : nil }
    }

    let visit: Visit
    let kind: Kind
    /// What somebody looks for: a filter, or a part of a name.
    let text: String
    let order: String
    let models: [RegisteredModel]
    let next: String?
    /// What is wrong with the filter.
    let problem: String?

    static let orders = [
        ("last_updated_timestamp DESC", "Last changed"), ("name", "Name"), ("name DESC", "Name, backwards"),
    ]
    private static let limit = 50
    private static let mostTags = 4

    static func load(_ visit: Visit, _ registry: Registry) async throws -> ModelsPage {
        let kind = visit.query("show").flatMap(Kind.init(rawValue:)) ?? .models
        let text = visit.query("filter") ?? ""
        let asked = visit.query("sort") ?? ""
        let order = orders.contains { $0.0 == asked } ? asked : orders[0].0
        do {
            let found = try await registry.registeredModels(for: visit.caller).search(
                RegistrySearch(
                    filter: filter(text, kind),
                    orderBy: [order],
                    limit: limit,
                    pageToken: visit.query("page")
                )
            )
            return ModelsPage(
                visit: visit,
                kind: kind,
                text: text,
                order: order,
                models: found.models,
                next: found.next,
                problem: nil
            )
        } catch let failure as Failure where failure.code == .invalidParameter && !text.isEmpty {
            return ModelsPage(
                visit: visit,
                kind: kind,
                text: text,
                order: order,
                models: [],
                next: nil,
                problem: failure.message
            )
        }
    }

    /// A filter of the registry's grammar; words without any of its signs are a part of a name.
    static func filter(_ text: String, _ kind: Kind) -> String? {
        let isFilter = text.contains { "=<>!'\"`".contains($0) }
        let part = text.isEmpty || isFilter ? text : "name ILIKE '%\(text)%'"
        let conditions = [part.isEmpty ? nil : part, kind.condition].compactMap { $0 }
        return conditions.isEmpty ? nil : conditions.map { "(\($0))" }.joined(separator: " AND ")
    }

    private var addresses: ModelAddresses { ModelAddresses(visit.base) }

    var title: String { "\(kind == .models ? "Models" : "Prompts") · \(visit.workspaceName)" }
    var crumbs: [Crumb] {
        ModelAddresses.crumbs(visit) + [Crumb(kind == .models ? "Models" : "Prompts")]
    }
    var tab: Tab? { .models }
    var scripts: [String] { ["models/commands.js"] }
    var styles: [String] { ["models/models.css"] }

    var ways: [Way] {
        let filter = Self.filter(text, kind)
        let search = kind == .models ? "client.search_registered_models" : "mlflow.genai.search_prompts"
        let argument = kind == .models ? filter.map { "filter_string=" + PythonText.repr($0) } ?? "" : ""
        return [
            .json(
                Address(visit.serviceBase).below("api/2.0/mlflow/registered-models/search")
                    .with("filter", filter)
            ),
            .python(
                """
                import mlflow

                mlflow.set_tracking_uri("\(visit.trackingURI)")
                client = mlflow.MlflowClient()
                for found in \(search)(\(argument)):
                    print(found.name)
                """
            ),
            .shell("roost registry list --server \(Quoted.shell(visit.trackingURI))"),
        ]
    }

    var body: HTML {
        """
        <div class="row between page-head"><h1>\(kind == .models ? "Models" : "Prompts")</h1>\(kinds)</div>
        \(visit.mayWrite && kind == .models ? creation : nil)
        \(search)
        \(problem.map { "<p class=\"note bad\" role=\"alert\">\($0)</p>" })
        \(models.isEmpty ? empty : table)
        """
    }

    private var kinds: HTML {
        """
        <nav class="kinds" aria-label="What is listed">
        <a href="\(addresses.list)"\(kind == .models ? " aria-current=\"true\"" : "" as HTML)>Models</a>
        <a href="\(addresses.prompts)"\(kind == .prompts ? " aria-current=\"true\"" : "" as HTML)>Prompts</a>
        </nav>
        """
    }

    private var creation: HTML {
        Disclosure(
            "New model",
            isOpen: visit.query("new") != nil,
            """
            <form method="post" action="\(addresses.list)" class="stack">
            <label class="field">Name <input name="name" required maxlength="256" pattern="[^\\/:]+" \
            title="Anything but / and :" \(visit.query("new") == nil ? "" : "autofocus")></label>
            <label class="field">Description <textarea name="description"></textarea> <span class="hint">Markdown.</span></label>
            <p><button class="button primary">Create the model</button></p>
            </form>
            """
        ).html
    }

    private var search: HTML {
        """
        <form method="get" action="\(addresses.list)" class="row model-search" role="search">
        \(kind == .prompts ? "<input type=\"hidden\" name=\"show\" value=\"prompts\">" : nil)
        <input type="search" name="filter" value="\(text)" aria-label="A part of the name, or a filter" \
        placeholder="A part of the name, or name LIKE 'iris%' AND tags.team = 'red'">
        <select name="sort" aria-label="Order">
        \(Self.orders.map { word, label in
            "<option value=\"\(word)\"\(word == order ? " selected" : "" as HTML)>\(label)</option>" as HTML
        })
        </select>
        <button class="button">Search</button>
        </form>
        """
    }

    private var empty: HTML {
        guard text.isEmpty else { return "<p class=\"quiet\">Nothing has that name or fits that filter.</p>" }
        return kind == .models
            ? EmptyState(
                heading: "Register a first model",
                text:
                    "A registered model keeps the versions of one model, with aliases such as champion that clients load by.",
                lines: """
                    import mlflow

                    mlflow.set_tracking_uri("\(visit.trackingURI)")
                    mlflow.register_model("runs:/RUN_ID/model", "iris")
                    """
            ).html
            : EmptyState(
                heading: "Register a first prompt",
                text: "A prompt keeps the versions of a template, which programs load by version or alias.",
                lines: """
                    import mlflow

                    mlflow.set_tracking_uri("\(visit.trackingURI)")
                    mlflow.genai.register_prompt(name="greet", template="Hello {{name}}!")
                    """
            ).html
    }

    private var table: HTML {
        """
        <div class="scroll"><table class="list models">
        <thead><tr><th scope="col">Name</th><th scope="col">Latest</th><th scope="col">Aliases</th>\
        \(kind == .models ? "<th scope=\"col\">Stages</th>" : nil)<th scope="col">Tags</th><th scope="col">Changed</th></tr></thead>
        <tbody>\(models.map(row))</tbody></table></div>
        \(next.map { pager($0) })
        """
    }

    private func row(_ model: RegisteredModel) -> HTML {
        """
        <tr><td><a href="\(addresses.model(model.name))"><strong>\(model.name)</strong></a>\(summary(of: model))</td>
        <td class="nowrap">\(latest(of: model))</td>
        <td>\(model.aliases.map { alias($0, of: model) }.joined(separator: " "))</td>
        \(kind == .models ? "<td>\(stages(of: model))</td>" : nil)
        <td>\(tags(of: model))</td>
        <td class="nowrap">\(TimeLabel(model.lastUpdateTime).html)</td></tr>
        """
    }

    /// The beginning of the description, as it is written.
    private func summary(of model: RegisteredModel) -> HTML? {
        let line = model.description?.split(whereSeparator: \.isNewline).first
        return line.map { "<div class=\"quiet small summary\">\(String($0).shortened(to: 200))</div>" }
    }

    private func latest(of model: RegisteredModel) -> HTML {
        guard let newest = model.latestVersions.map(\.version).max() else {
            return "<span class=\"quiet\">none</span>"
        }
        return "<a href=\"\(addresses.version(newest, of: model.name))\">Version \(newest)</a>"
    }

    private func alias(_ alias: ModelAlias, of model: RegisteredModel) -> HTML {
        """
        <a class="nowrap" href="\(addresses.version(alias.version, of: model.name))">\(AliasBadge(alias: alias.alias).html) \
        <span class="small">v\(alias.version)</span></a>
        """
    }

    private func stages(of model: RegisteredModel) -> HTML {
        model.latestVersions.filter { $0.stage != .none }.map { version in
            """
            <a class="nowrap" href="\(addresses.version(version.version, of: model.name))">\(StageBadge(stage: version.stage).html) \
            <span class="small">v\(version.version)</span></a>
            """ as HTML
        }.joined(separator: " ")
    }

    private func tags(of model: RegisteredModel) -> HTML {
        let tags = model.tags.filter { !$0.key.hasPrefix("mlflow.") && !$0.key.hasPrefix("_mlflow") }
        let shown = tags.prefix(Self.mostTags).map { tag in
            """
            <span class="badge" title="\(tag.key): \(tag.value.shortened(to: 200))">\(tag.key): \(tag.value.shortened(to: 40))</span>
            """ as HTML
        }
        let hidden = tags.count - shown.count
        return """
            \(shown.joined(separator: " ")) \(hidden > 0 ? "<span class=\"quiet small nowrap\">… \(hidden) more</span>" : nil)
            """
    }

    private func pager(_ token: String) -> HTML {
        let address = addresses.list.with("show", kind == .prompts ? "prompts" : nil)
            .with("filter", text.isEmpty ? nil : text).with("sort", order).with("page", token)
        return "<p class=\"pager\"><a class=\"button\" href=\"\(address)\">More</a></p>"
    }
}

extension ModelAddresses {
    /// The way from the owner to the list of models, which the page itself follows.
    static func crumbs(_ visit: Visit) -> [Crumb] {
        guard let repository = visit.repository else { return [] }
        return [
            Crumb(repository.owner, visit.root[repository.owner]), Crumb(repository.name, visit.base),
        ]
    }
}
