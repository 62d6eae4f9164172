import Core
import HTTP
import ObjectStore
import Registry
import Tracking

/// Registers a model that a run made.
struct RegisterPage: Page {
    let visit: Visit
    let run: RunInfo
    let choices: [Choice]
    /// What is chosen at first: the path or the id that somebody came with.
    let chosen: String?
    /// Models that there are, for their names.
    let names: [String]

    /// A model that can be registered.
    struct Choice: Sendable, Hashable {
        let label: String
        let source: String
        /// Empty for a folder of the run that is no logged model.
        let modelID: String
    }

    private static let mostFiles = 5_000
    private static let mostNames = 200

    static func load(_ visit: Visit, _ web: Web) async throws -> RegisterPage {
        let run = try await web.tracking.runs(for: visit.caller).get(visit.call.parameter("id"))
        async let names = web.registry.registeredModels(for: visit.caller).find(
            containing: "",
            limit: mostNames
        )
        var choices: [Choice] = []
        for output in run.modelOutputs {
            guard let model = try await loggedModel(output.modelID, visit, web.tracking) else { continue }
            choices.append(
                Choice(label: model.name, source: "models:/\(model.id)", modelID: model.id)
            )
        }
        choices += try await folders(of: run.info, visit, web)
        return try await RegisterPage(
            visit: visit,
            run: run.info,
            choices: choices,
            chosen: visit.query("path") ?? visit.query("model_id"),
            names: names.filter { !$0.isPrompt }.map(\.name).sorted()
        )
    }

    private static func loggedModel(
        _ id: String,
        _ visit: Visit,
        _ tracking: Tracking
    ) async throws -> LoggedModel? {
        do {
            return try await tracking.loggedModels(for: visit.caller).get(id)
        } catch let failure as Failure where failure.code == .missing {
            return nil
        }
    }

    /// The folders of the run that hold an `MLmodel`.
    private static func folders(of run: RunInfo, _ visit: Visit, _ web: Web) async throws -> [Choice] {
        guard let store = web.files, let root = VersionFolder.storePath(of: run.artifactURI) else {
            return []
        }
        let files: [File]
        do {
            files = try await store.files(for: visit.caller).tree(root, limit: mostFiles)
        } catch let failure as Failure where failure.code == .tooLarge {
            return []
        }
        return files.filter { $0.path.name == "MLmodel" }.map { file in
            let path = file.path.text.dropFirst(root.text.count + 1).dropLast("/MLmodel".count)
            return Choice(
                label: path.isEmpty ? "all artifacts" : String(path),
                source: path.isEmpty ? run.artifactURI : "\(run.artifactURI)/\(path)",
                modelID: ""
            )
        }
    }

    private var addresses: ModelAddresses { ModelAddresses(visit.base) }

    var title: String { "Register a model of \(run.name)" }
    var crumbs: [Crumb] {
        ModelAddresses.crumbs(visit) + [
            Crumb("Experiments", visit.base["experiments"]), Crumb(run.name, addresses.run(run.id)),
            Crumb("Register"),
        ]
    }
    var tab: Tab? { .models }
    var scripts: [String] { ["models/register.js"] }
    var styles: [String] { ["models/models.css"] }

    var ways: [Way] {
        [
            .python(
                """
                import mlflow

                mlflow.set_tracking_uri("\(visit.trackingURI)")
                mlflow.register_model(\(PythonText.repr(choices.first?.source ?? "runs:/\(run.id)/model")), "iris")
                """
            )
        ]
    }

    var body: HTML {
        """
        <h1>Register a model of <a href="\(addresses.run(run.id))">\(run.name)</a></h1>
        \(choices.isEmpty ? empty : form)
        """
    }

    private var empty: HTML {
        EmptyState(
            heading: "The run has no model",
            text: "A run has a model once one is logged to it; the lines below log one within a run.",
            lines: "mlflow.sklearn.log_model(model, name=\"model\", input_example=X[:5])"
        ).html
    }

    private var form: HTML {
        """
        <noscript><p class="note">Registering here needs script; the lines below do the same.</p></noscript>
        <form class="stack register" data-run="\(run.id)">
        <fieldset><legend>What</legend>\(choices.enumerated().map { radio($1, isChosen: isChosen($1, at: $0)) })</fieldset>
        <label class="field">Model <input name="name" list="models" required maxlength="256" pattern="[^\\/:]+" \
        title="Anything but / and :" autocomplete="off"> <span class="hint">One that is there, or a new one.</span></label>
        <datalist id="models">\(names.map { "<option value=\"\($0)\"></option>" as HTML })</datalist>
        <label class="field">Description <textarea name="description"></textarea> <span class="hint">Markdown.</span></label>
        <p><button class="button primary" disabled>Register</button></p>
        </form>
        """
    }

    private func isChosen(_ choice: Choice, at place: Int) -> Bool {
        guard let chosen, choices.contains(where: { $0.label == chosen || $0.modelID == chosen }) else {
            return place == 0
        }
        return choice.label == chosen || choice.modelID == chosen
    }

    private func radio(_ choice: Choice, isChosen: Bool) -> HTML {
        """
        <label class="field inline"><input type="radio" name="source" value="\(choice.source)" data-model="\(choice.modelID)"\
        \(isChosen ? " checked" : "" as HTML)> <span>\(choice.label) <span class="quiet mono small">\(choice.source)</span></span></label>
        """
    }
}
