import Core
import HTTP
import Registry
import Tracking

/// Registers a model that a run made, or a logged model, as a version of a registered model.
struct RegisterPage: Page {
    /// What has the models that can be registered.
    enum Subject: Sendable {
        case run(RunInfo)
        case loggedModel(LoggedModel)
    }

    let visit: Visit
    let subject: Subject
    let choices: [RegisterChoice]
    /// Whether these are all; of a run with very many files those that lie among them are not looked for.
    let areAll: Bool
    /// Registered models that there are, by their names.
    let names: [String]
    /// Whether there are more of these.
    let hasMoreNames: Bool
    /// What was sent and could not be done.
    let rejected: Rejected?

    private var addresses: ModelAddresses { ModelAddresses(visit.base) }

    private var name: String {
        switch subject {
        case .run(let run): run.shownName.text
        case .loggedModel(let model): model.name
        }
    }

    private var address: Address {
        switch subject {
        case .run(let run): visit.address(ofRun: run.id)
        case .loggedModel(let model): visit.address(ofLoggedModel: model.id)
        }
    }

    var title: String { "Register \(name)" }
    var crumbs: [Crumb] {
        ModelAddresses.crumbs(visit) + [
            Crumb("Experiments", visit.base["experiments"]), Crumb(name, address), Crumb("Register"),
        ]
    }
    var tab: Tab? { .models }
    var styles: [String] { ["models/models.css"] }

    var ways: [Way] {
        let source = choices.first?.source ?? "runs:/RUN/model"
        return [
            .python(
                """
                import mlflow

                mlflow.set_tracking_uri("\(visit.trackingURI)")
                mlflow.register_model(\(PythonText.repr(source)), "iris")
                """
            )
        ]
    }

    var body: HTML {
        """
        <h1>Register a model of <a href="\(address)">\(name)</a></h1>
        \(rejected.map { Notice.wrong($0.message).html })
        \(areAll ? nil : "<p class=\"note warn\">The run has too much to look through for models: others than these are registered by a program.</p>")
        \(choices.isEmpty ? empty : form)
        """
    }

    private var empty: HTML {
        EmptyState(
            heading: areAll ? "The run has no model" : "No model was found",
            text: "A run has a model once one is logged to it; the lines below log one within a run.",
            lines: "mlflow.sklearn.log_model(model, name=\"model\", input_example=X[:5])"
        ).html
    }

    private var form: HTML {
        """
        <form method="post" class="stack register">
        <fieldset><legend>What</legend>\(choices.map(radio))</fieldset>
        <label class="field"><span>Model</span>
        <input name="name" value="\(sent("name"))" list="models" required maxlength="256" pattern="[^\\/:]+" \
        title="Anything but / and :" autocomplete="off"> <span class="hint">One that is there, or a new one.\(
            hasMoreNames ? " Not all that there are are offered." : "")</span></label>
        <datalist id="models">\(names.map { "<option value=\"\($0)\"></option>" as HTML })</datalist>
        \(LineField(
            name: "aliases",
            label: "Aliases",
            value: sent("aliases"),
            hint: "Names for this version, such as champion; one that another version has is moved here."
        ).html)
        \(AreaField(name: "description", label: "Description", value: sent("description"), hint: "Markdown.").html)
        <p><button class="button primary">Register</button></p>
        </form>
        """
    }

    private func sent(_ field: String) -> String { rejected?.form.text(field) ?? "" }

    /// What was sent, or what somebody came with as a path or an id, or else the first.
    private var chosen: RegisterChoice? {
        let word = rejected?.form["source"] ?? visit.query("path") ?? visit.query("model_id")
        return choices.first { [$0.source, $0.label, $0.modelID].contains(word) } ?? choices.first
    }

    private func radio(_ choice: RegisterChoice) -> HTML {
        """
        <label class="field inline"><input type="radio" name="source" value="\(choice.source)"\
        \(choice == chosen ? " checked" : "" as HTML)> <span>\(choice.label) <span class="quiet mono small">\(choice.source)</span></span></label>
        """
    }
}
