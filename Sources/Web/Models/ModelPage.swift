import Core
import Events
import HTTP
import Registry
import Tracking

/// A registered model with its versions, or a prompt with its templates.
struct ModelPage: Page {
    let visit: Visit
    let model: RegisteredModel
    let versions: [ModelVersionStore.Listed]
    /// Whether there are older versions than those.
    let hasOlder: Bool
    let runNames: [String: String]
    let rules: [ApprovalRule]
    let requests: [ApprovalRequest]
    let hasMoreRequests: Bool
    let history: ModelHistory

    private static let versionLimit = 50
    private static let requestLimit = 20

    static func load(_ visit: Visit, _ web: Web) async throws -> ModelPage {
        let name = try ModelName(visit.call.parameter("name"))
        let approvals = web.registry.approvals(for: visit.caller)
        async let model = web.registry.registeredModels(for: visit.caller).get(name)
        async let versions = web.registry.modelVersions(for: visit.caller).list(
            of: name,
            before: visit.query("before_version").flatMap { Int64($0) },
            limit: versionLimit + 1
        )
        async let rules = approvals.rules(of: name)
        async let requests = approvals.requests(of: name, limit: requestLimit + 1)
        async let history = ModelHistory.load(visit, name, web.registry)
        let shown = try await Array(versions.prefix(versionLimit))
        let names = try await web.tracking.runs(for: visit.caller).names(of: shown.map(\.version.runID))
        return try await ModelPage(
            visit: visit,
            model: model,
            versions: shown,
            hasOlder: versions.count > versionLimit,
            runNames: names,
            rules: rules,
            requests: Array(requests.prefix(requestLimit)),
            hasMoreRequests: requests.count > requestLimit,
            history: history
        )
    }

    private var addresses: ModelAddresses { ModelAddresses(visit.base) }
    private var address: Address { addresses.model(model.name) }
    private var isPrompt: Bool { Prompt.isMarked(model.tags) }

    var title: String { "\(model.name) · \(isPrompt ? "Prompt" : "Model")" }
    var crumbs: [Crumb] {
        let list = isPrompt ? Crumb("Prompts", addresses.prompts) : Crumb("Models", addresses.list)
        return ModelAddresses.crumbs(visit) + [list, Crumb(model.name)]
    }
    var tab: Tab? { .models }
    var scripts: [String] { ["models/commands.js"] }
    var styles: [String] { ["models/models.css"] }
    var takesLong: Bool { true }

    var ways: [Way] {
        [
            .json(
                Address(visit.serviceBase).below("api/2.0/mlflow/registered-models/get")
                    .with("name", model.name)
            ),
            .python(isPrompt ? promptLines : modelLines),
            .shell(
                """
                roost registry show \(Quoted.shell(model.name)) --server \(Quoted.shell(visit.trackingURI))
                roost registry history \(Quoted.shell(model.name)) --server \(Quoted.shell(visit.trackingURI))
                """
            ),
        ]
    }

    /// What a client loads by: an alias where there is one, else the newest version.
    private var reference: String {
        if let alias = model.aliases.first { return "\(model.name)@\(alias.alias)" }
        return "\(model.name)/\(versions.first?.version.version ?? 1)"
    }

    private var modelLines: String {
        """
        import mlflow

        mlflow.set_tracking_uri("\(visit.trackingURI)")
        model = mlflow.pyfunc.load_model(\(PythonText.repr("models:/" + reference)))
        """
    }

    private var promptLines: String {
        """
        import mlflow

        mlflow.set_tracking_uri("\(visit.trackingURI)")
        prompt = mlflow.genai.load_prompt(\(PythonText.repr("prompts:/" + reference)))
        """
    }

    var body: HTML {
        """
        <h1>\(model.name)\(isPrompt ? " <span class=\"badge\">Prompt</span>" : nil as HTML?)</h1>
        <div class="columns">
        <div>
        \(RequestList(
            visit: visit, model: model.name, rules: rules, requests: requests, hasMore: hasMoreRequests
        ).html)
        \(Description(text: model.description ?? "", form: visit.mayWrite ? address["describe"] : nil).html)
        \(VersionTable(page: self).html)
        \(history.html(visit, model.name))
        </div>
        <aside class="stack" aria-label="About this \(isPrompt ? "prompt" : "model")">
        \(facts)
        \(AliasCard(visit: visit, model: model, newest: versions.first?.version.version).html)
        \(Card("Tags", TagEditor(tags: model.tags, form: visit.mayWrite ? address["tags"] : nil).html).html)
        \(RuleCard(visit: visit, model: model.name, rules: rules).html)
        \(visit.mayWrite ? changes : nil)
        </aside>
        </div>
        """
    }

    private var facts: HTML {
        """
        <dl class="facts">
        <dt>Created</dt><dd>\(TimeLabel(model.creationTime).html)</dd>
        <dt>Changed</dt><dd>\(TimeLabel(model.lastUpdateTime).html)</dd>
        </dl>
        """
    }

    private var changes: HTML {
        let rename = Disclosure(
            "Rename",
            """
            <form method="post" action="\(address["rename"])" class="stack">
            <label class="field">New name <input name="new_name" required value="\(model.name)" maxlength="256"></label>
            <p><button class="button">Rename</button></p></form>
            """
        )
        let delete = Disclosure(
            "Delete",
            isDangerous: true,
            """
            <form method="post" action="\(address["delete"])" class="stack">
            <p>Its versions and aliases go with it; the history stays. Files of runs are left alone.</p>
            \(model.uses.isEmpty ? nil : force)
            \(CommentField().html)
            <p><button class="button danger">Delete \(model.name)</button></p></form>
            """
        )
        return Card("Change", "<div class=\"stack\">\(rename.html)\(delete.html)</div>").html
    }

    /// Asks whether somebody knows what they are about.
    private var force: HTML {
        """
        <p>It is in use: \(model.uses.joined(separator: ", ")).</p>
        <label class="check"><input type="checkbox" name="force" value="true" required> Delete it all the same</label>
        """
    }

    /// The versions; the forms of other pages lead back here.
    struct VersionTable {
        let page: ModelPage

        var html: HTML {
            guard !page.versions.isEmpty else {
                return """
                    <h2>Versions</h2>
                    \(EmptyState(
                        heading: "No version yet",
                        text: "A version is registered from a run or a logged model.",
                        lines: page.isPrompt ? nil : """
                            import mlflow

                            mlflow.set_tracking_uri("\(page.visit.trackingURI)")
                            mlflow.register_model("runs:/RUN_ID/model", \(PythonText.repr(page.model.name)))
                            """
                    ).html)
                    """
            }
            return """
                <form method="get" action="\(page.address["compare"])">
                <div class="row between"><h2>Versions</h2>\(page.versions.count > 1 ? compare : nil)</div>
                <div class="scroll"><table class="list versions">
                <thead><tr>\(page.versions.count > 1 ? "<th scope=\"col\" colspan=\"2\">Compare</th>" : nil)\
                <th scope="col">Version</th>\(page.isPrompt ? promptHeads : modelHeads)\
                <th scope="col">Registered</th></tr></thead>
                <tbody>\(page.versions.enumerated().map { row($1, at: $0) })</tbody></table></div>
                </form>
                \(older)
                """
        }

        private var compare: HTML {
            "<button class=\"button small\">\(Icon.table.html) Compare the chosen two</button>"
        }

        private var modelHeads: HTML {
            "<th scope=\"col\">Stage</th><th scope=\"col\">Run</th><th scope=\"col\">State</th>"
        }

        private var promptHeads: HTML { "<th scope=\"col\">Template</th>" }

        private func row(_ listed: ModelVersionStore.Listed, at place: Int) -> HTML {
            let version = listed.version
            return """
                <tr>\(page.versions.count > 1 ? choices(version.version, place) : nil)
                <td><a href="\(page.addresses.version(version.version, of: version.name))"><strong>Version \(version.version)</strong></a> \
                \(version.aliases.map { AliasBadge(alias: $0).html }.joined(separator: " "))\(summary(of: version))</td>
                \(page.isPrompt ? template(of: version) : cells(of: listed))
                <td class="nowrap">\(TimeLabel(version.creationTime).html)</td></tr>
                """
        }

        private func choices(_ number: Int64, _ place: Int) -> HTML {
            """
            <td><input type="radio" name="a" value="\(number)" aria-label="Compare version \(number) as the first"\
            \(place == 1 ? " checked" : "" as HTML)></td>
            <td><input type="radio" name="b" value="\(number)" aria-label="Compare version \(number) as the second"\
            \(place == 0 ? " checked" : "" as HTML)></td>
            """
        }

        private func summary(of version: ModelVersion) -> HTML? {
            let line = version.description?.split(whereSeparator: \.isNewline).first
            return line.map { "<div class=\"quiet small summary\">\(String($0).shortened(to: 200))</div>" }
        }

        private func template(of version: ModelVersion) -> HTML {
            "<td><div class=\"mono small summary\">\(PromptText(version.tags).text.shortened(to: 200))</div></td>"
        }

        private func cells(of listed: ModelVersionStore.Listed) -> HTML {
            let version = listed.version
            return """
                <td>\(StageBadge(stage: version.stage).html)</td>
                <td>\(run(of: version))</td>
                <td class="nowrap">\(VersionState(version: version, seal: listed.seal).html)</td>
                """
        }

        private func run(of version: ModelVersion) -> HTML? {
            guard !version.runID.isEmpty else { return nil }
            guard let name = page.runNames[version.runID] else {
                return "<span class=\"quiet mono\">\(version.runID.prefix(8))</span>"
            }
            let shown = ShownName(name, id: version.runID).html
            return "<a href=\"\(page.addresses.run(version.runID))\">\(shown)</a>"
        }

        private var older: HTML? {
            guard page.hasOlder, let last = page.versions.last?.version.version else { return nil }
            let address = page.address.with("before_version", "\(last)")
            return "<p class=\"pager\"><a class=\"button\" href=\"\(address)\">Older versions</a></p>"
        }
    }
}

/// Whether the files of a version are there, and whether they are signed.
struct VersionState {
    let version: ModelVersion
    let seal: ModelVersionStore.Seal

    var html: HTML {
        switch version.status {
        case .pendingRegistration: "<span class=\"badge busy\">Pending</span>"
        case .failedRegistration: "<span class=\"badge bad\">Failed</span>"
        case .ready: sealed
        }
    }

    private var sealed: HTML {
        switch seal {
        case .signed: "<span class=\"badge\">\(Icon.check.html) Signed</span>"
        case .waiting: "<span class=\"badge warn\">Not signed yet</span>"
        case .none: "<span class=\"quiet small\">Not signed</span>"
        }
    }
}

/// What people say of a model or a version.
struct Description {
    let text: String
    /// Where another text is sent to; nil for whoever may not.
    let form: Address?

    var html: HTML {
        """
        <section aria-label="Description" class="description">
        \(text.isEmpty ? "<p class=\"quiet\">No description.</p>" : Markdown(text).html())
        \(form.map { DescriptionForm(text: text, address: $0).html })
        </section>
        """
    }
}

/// Edits a text in Markdown.
private struct DescriptionForm {
    let text: String
    let address: Address

    var html: HTML {
        Disclosure(
            text.isEmpty ? "Describe" : "Edit the description",
            """
            <form method="post" action="\(address)" class="stack">
            <label class="field wide">Description <textarea name="description" rows="8">\(text)</textarea> \
            <span class="hint">Markdown.</span></label>
            <p><button class="button primary">Save</button></p></form>
            """
        ).html
    }
}
