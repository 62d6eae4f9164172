import Core
import Registry

/// One version of a prompt: its template, and what changed since the version before.
struct PromptVersionPage: Page {
    let visit: Visit
    let version: ModelVersion
    /// Nil for the first.
    let previous: ModelVersion?

    private var addresses: ModelAddresses { ModelAddresses(visit.base) }
    private var address: Address { addresses.version(version.version, of: version.name) }
    private var prompt: PromptText { PromptText(version.tags) }

    private var uri: String {
        version.aliases.first.map { "prompts:/\(version.name)@\($0)" }
            ?? "prompts:/\(version.name)/\(version.version)"
    }

    var title: String { "\(version.name) version \(version.version)" }
    var crumbs: [Crumb] {
        ModelAddresses.crumbs(visit) + [
            Crumb("Prompts", addresses.prompts), Crumb(version.name, addresses.model(version.name)),
            Crumb("Version \(version.version)"),
        ]
    }
    var tab: Tab? { .models }
    var scripts: [String] { ["models/commands.js"] }
    var styles: [String] { ["models/models.css"] }
    var takesLong: Bool { true }

    var ways: [Way] {
        [
            .json(visit.json(of: version)),
            .shell(
                """
                roost registry prompts show \(Quoted.shell(version.name)) \(version.version) \
                --server \(Quoted.shell(visit.trackingURI))
                """
            ),
        ]
    }

    var body: HTML {
        """
        <h1>\(version.name) <span class="quiet">version \(version.version)</span> \
        \(version.aliases.map { AliasBadge(alias: $0).html }.joined(separator: " "))</h1>
        <div class="columns">
        <div>
        \(version.description.map { $0.isEmpty ? .empty : Markdown($0).html() })
        <h2>Template\(prompt.isChat ? " of a chat" : "")</h2>
        \(CopyBlock(prompt.readable).html)
        \(part("Response format", prompt.responseFormat))
        \(part("Model and its parameters", prompt.modelConfig))
        \(difference)
        <h2>Use it</h2>
        \(CopyBlock(lines).html)
        </div>
        <aside class="stack" aria-label="About this version">
        <dl class="facts"><dt>Registered</dt><dd>\(TimeLabel(version.creationTime).html)</dd>
        <dt>Changed</dt><dd>\(TimeLabel(version.lastUpdateTime).html)</dd></dl>
        \(variables)
        \(Card("Aliases", aliases).html)
        \(Card("Tags", TagEditor(tags: version.tags, form: visit.mayWrite ? address["tags"] : nil).html).html)
        </aside>
        </div>
        """
    }

    private var lines: String {
        let arguments = prompt.variables.map { "\($0)=\"…\"" }.joined(separator: ", ")
        return """
            import mlflow

            mlflow.set_tracking_uri("\(visit.trackingURI)")
            prompt = mlflow.genai.load_prompt(\(PythonText.repr(uri)))
            print(prompt.format(\(arguments)))
            """
    }

    private func part(_ heading: String, _ text: String?) -> HTML? {
        text.map { "<h2>\(heading)</h2>\(CopyBlock($0).html)" }
    }

    private var difference: HTML? {
        guard let previous else { return nil }
        let changes = LineDifference(from: PromptText(previous.tags).readable, to: prompt.readable)
        return """
            <h2>Since version \(previous.version)</h2>
            \(changes.hasChanges ? changes.html : "<p class=\"quiet\">The template is the same.</p>")
            """
    }

    private var variables: HTML? {
        guard !prompt.variables.isEmpty else { return nil }
        let names = prompt.variables.map { "<code class=\"badge\">\($0)</code>" as HTML }
        return Card("Variables", "<p>\(names.joined(separator: " "))</p>").html
    }

    private var aliases: HTML {
        let list: HTML =
            version.aliases.isEmpty
            ? "<p class=\"quiet small\">No alias points here.</p>"
            : "<p>\(version.aliases.map { AliasBadge(alias: $0).html }.joined(separator: " "))</p>"
        let form = AliasForm(
            address: addresses.model(version.name)["aliases"],
            version: version.version
        )
        return "\(list)\(visit.mayWrite ? form.html : nil)"
    }
}
