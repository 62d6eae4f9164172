import Core
import HTTP
import Registry
import Tracking

/// One version of a registered model.
struct VersionPage: Page {
    let visit: Visit
    let version: ModelVersion
    let signature: VersionSignature
    /// Nil where the files lie elsewhere.
    let folder: VersionFolder?
    /// What made it; nil where that is not here.
    let run: RunInfo?
    let requests: [ApprovalRequest]
    /// Whether not all open requests of the model were looked through.
    let hasMoreRequests: Bool
    let rules: [ApprovalRule]
    /// The number of the version before; nil for the first.
    let previous: Int64?

    private static let mostRequests = 200

    static func load(_ visit: Visit, _ web: Web) async throws -> any Page {
        let name = try ModelName(visit.call.parameter("name"))
        let number = try VersionNumber.parse(visit.call.parameter("number"))
        let versions = web.registry.modelVersions(for: visit.caller)
        let version = try await versions.get(number, of: name)
        let model = try await web.registry.registeredModels(for: visit.caller).get(name)
        async let before = versions.list(of: name, before: number, limit: 1)
        if Prompt.isMarked(model.tags) {
            return PromptVersionPage(
                visit: visit,
                version: version,
                previous: try await before.first?.version
            )
        }
        let approvals = web.registry.approvals(for: visit.caller)
        async let signature = web.registry.signatures(for: visit.caller).get(number, of: name)
        async let folder = VersionFolder.load(version, visit, web)
        async let run = run(of: version, visit, web.tracking)
        async let requests = approvals.requests(of: name, in: [.open], limit: mostRequests)
        async let rules = approvals.rules(of: name)
        let files = try await folder
        let seal = try await signature
        return try await VersionPage(
            visit: visit,
            version: version,
            // What lies here and has no signature is still to be signed.
            signature: seal == .none && files != nil ? .waiting : seal,
            folder: files,
            run: run,
            requests: requests.filter { $0.deed.version == number },
            hasMoreRequests: requests.count == mostRequests,
            rules: rules,
            previous: before.first?.version.version
        )
    }

    /// Nil for a run that is not here: MLflow's registry takes its word for it.
    private static func run(
        of version: ModelVersion,
        _ visit: Visit,
        _ tracking: Tracking
    ) async throws -> RunInfo? {
        guard !version.runID.isEmpty else { return nil }
        do {
            return try await tracking.runs(for: visit.caller).get(version.runID).info
        } catch let failure as Failure where [.missing, .invalidParameter].contains(failure.code) {
            return nil
        }
    }

    private var addresses: ModelAddresses { ModelAddresses(visit.base) }
    private var address: Address { addresses.version(version.version, of: version.name) }
    private var uri: String { "models:/\(version.name)/\(version.version)" }

    var title: String { "\(version.name) version \(version.version)" }
    var crumbs: [Crumb] {
        ModelAddresses.crumbs(visit) + [
            Crumb("Models", addresses.list), Crumb(version.name, addresses.model(version.name)),
            Crumb("Version \(version.version)"),
        ]
    }
    var tab: Tab? { .models }
    var scripts: [String] { ["models/signature.js", "models/commands.js"] }
    var styles: [String] { ["models/models.css"] }
    var takesLong: Bool { true }

    var ways: [Way] {
        [
            .json(visit.json(of: version)),
            .python(
                """
                import mlflow

                mlflow.set_tracking_uri("\(visit.trackingURI)")
                mlflow.artifacts.download_artifacts(\(PythonText.repr(uri)), dst_path="downloaded")
                """
            ),
            .shell(
                """
                roost registry show \(Quoted.shell(version.name)) --server \(Quoted.shell(visit.trackingURI))
                roost models verify \(Quoted.shell(uri)) --server \(Quoted.shell(visit.trackingURI))
                """
            ),
        ]
    }

    var body: HTML {
        """
        <div class="row between page-head"><h1>\(version.name) <span class="quiet">version \(version.version)</span> \
        \(StageBadge(stage: version.stage).html) \(version.aliases.map { AliasBadge(alias: $0).html }.joined(separator: " "))</h1>\
        \(previous.map { other in
            "<a class=\"button\" href=\"\(addresses.comparison(of: version.name, other, version.version))\">Compare with version \(other)</a>" as HTML
        })</div>
        <div class="columns">
        <div>
        \(RequestList(
            visit: visit, model: version.name, rules: rules, requests: requests, hasMore: hasMoreRequests
        ).html)
        \(Description(text: version.description ?? "", form: visit.mayWrite ? address["describe"] : nil).html)
        \(UseLines(visit: visit, version: version).html)
        \(schema)
        \(requirements)
        \(FileList(visit: visit, version: version, folder: folder).html)
        </div>
        <aside class="stack" aria-label="About this version">
        \(facts)
        \(SignatureCard(visit: visit, version: version, signature: signature).html)
        \(aliases)
        \(visit.mayWrite ? StageForm(version: version, address: address["stage"]).html : nil)
        \(Card("Tags", TagEditor(tags: version.tags, form: visit.mayWrite ? address["tags"] : nil).html).html)
        \(visit.mayWrite ? deletion : nil)
        </aside>
        </div>
        """
    }

    private var schema: HTML? {
        guard let model = folder?.model else { return nil }
        return "<h2>Inputs and outputs</h2><div class=\"schema\">\(model.schema)</div>"
    }

    private var requirements: HTML? {
        guard let text = folder?.requirements, !text.isEmpty else { return nil }
        return "<h2>Requirements</h2>\(CopyBlock(text).html)"
    }

    private var facts: HTML {
        """
        <dl class="facts">
        <dt>Registered</dt><dd>\(TimeLabel(version.creationTime).html)</dd>
        <dt>Changed</dt><dd>\(TimeLabel(version.lastUpdateTime).html)</dd>
        \(source)
        \(version.status == .ready ? nil : state)
        \(flavors)
        </dl>
        """
    }

    private var source: HTML {
        """
        \(version.runID.isEmpty ? nil : "<dt>Run</dt><dd>\(runLink)</dd>")
        \(run.map { run in
            "<dt>Experiment</dt><dd><a href=\"\(visit.base["experiments"]["\(run.experimentID)"])\">\(run.experimentID)</a></dd>" as HTML
        })
        \(loggedModel.map { id in
            "<dt>Logged model</dt><dd class=\"mono small\"><a href=\"\(visit.address(ofLoggedModel: id))\">\(id)</a></dd>" as HTML
        })
        <dt>Source</dt><dd class="mono small">\(version.source)</dd>
        \(version.runLink.isEmpty ? nil : "<dt>Run link</dt><dd class=\"small\">\(version.runLink)</dd>")
        """
    }

    private var runLink: HTML {
        guard let run else {
            return "<span class=\"mono\">\(version.runID)</span> <span class=\"quiet\">(not here)</span>"
        }
        return "<a href=\"\(addresses.run(run.id))\">\(run.shownName.html)</a>"
    }

    /// The id in a source such as `models:/m-…`.
    private var loggedModel: String? {
        guard case .loggedModel(let id)? = ModelReference(uri: version.source) else { return nil }
        return id
    }

    private var state: HTML {
        "<dt>State</dt><dd>\(version.status.rawValue) \(version.statusMessage ?? "")</dd>"
    }

    private var flavors: HTML? {
        guard let model = folder?.model, !model.flavors.isEmpty else { return nil }
        return """
            <dt>Flavors</dt><dd>\(model.flavors.joined(separator: ", "))</dd>
            \(model.mlflowVersion.map { "<dt>MLflow</dt><dd>\($0)</dd>" as HTML })
            """
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
        return Card("Aliases", "\(list)\(visit.mayWrite ? form.html : nil)").html
    }

    private var deletion: HTML {
        let uses =
            version.aliases.map { "the alias \($0) points at it" }
            + (version.stage == .production ? ["it is in Production"] : [])
        guard uses.isEmpty else {
            return Card(
                "Delete",
                "<p class=\"small\">It cannot be deleted while it is in use: \(uses.joined(separator: ", ")).</p>"
            ).html
        }
        return Card(
            "Delete",
            Disclosure(
                "Delete",
                isDangerous: true,
                """
                <form method="post" action="\(address["delete"])" class="stack">
                <p>Its number is not given again; the history stays.</p>
                \(CommentField().html)
                <p><button class="button danger">Delete version \(version.version)</button></p></form>
                """
            ).html
        ).html
    }
}

/// Moves a version to another stage.
struct StageForm {
    let version: ModelVersion
    let address: Address

    var html: HTML {
        """
        <section class="card"><header><h2>Stage</h2></header><div class="body">
        <p>\(StageBadge(stage: version.stage).html ?? "<span class=\"quiet small\">In no stage.</span>")</p>
        \(Disclosure(
            "Move to a stage",
            """
            <form method="post" action="\(address)" class="stack">
            <label class="field">Stage <select name="stage">\(ModelStage.allCases.filter { $0 != version.stage }.map { stage in
                "<option>\(stage.rawValue)</option>" as HTML
            })</select></label>
            <label class="field inline"><input type="checkbox" name="archive" value="true"> Archive the others that are there</label>
            \(CommentField().html)
            <p><button class="button">Move</button></p></form>
            """
        ).html)
        </div></section>
        """
    }
}
