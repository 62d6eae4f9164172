import Accounts
import HTTP
import Repositories

/// Where somebody makes a repository, empty or of one that another server has.
struct NewRepositoryPage: Page {
    /// Who may own it: who looks, and the organizations that they administer.
    let owners: [String]
    let place: Address
    let origin: String
    let notice: Notice?
    /// What was chosen before, or was sent and refused.
    let form: Query

    var title: String { "New repository" }
    var crumbs: [Crumb] { [Crumb(title)] }
    var styles: [String] { ["settings/settings.css"] }

    var ways: [Way] {
        [
            .shell(
                """
                curl -X POST -H "Authorization: Bearer $ROOST_TOKEN" -H 'Content-Type: application/json' \\
                  -d '{"name": "iris", "private": true, "auto_init": true}' \(origin)/api/v1/user/repos
                """
            )
        ]
    }

    var body: HTML {
        """
        <h1>\(title)</h1>
        \(notice?.html)
        <p class="quiet">A repository holds code and data in Git, and the experiments and models that come of them.</p>
        \(isImport ? importing : making)
        """
    }

    private var isImport: Bool { form["from"] == "elsewhere" }

    private var making: HTML {
        """
        \(FormBox(action: place, deed: "make", button: "Make the repository", fields: """
            \(what)
            <fieldset><legend>Begin with</legend>
            \(CheckField(
                name: "readme", label: "A README", isChecked: form["do"] == nil || form.isChecked("readme"),
                hint: "And with what is chosen below; without it the repository is empty, ready for a push."
            ).html)
            </fieldset>
            <div class="pair">
            \(ChoiceField(name: "ignored", label: ".gitignore for", options: Self.ignored, value: form.text("ignored")).html)
            \(ChoiceField(name: "licence", label: "Licence", options: Self.licences, value: form.text("licence")).html)
            </div>
            """ as HTML).html)
        <p class="other-way"><a href="\(place.with("from", "elsewhere"))">Import one from another server instead</a></p>
        """
    }

    private var importing: HTML {
        """
        \(FormBox(action: place, deed: "import", button: "Import", hidden: [("from", "elsewhere")], fields: """
            \(LineField(
                name: "address", label: "Address of the other repository", value: form.text("address"), type: "url",
                isRequired: true, placeholder: "https://"
            ).html)
            <div class="pair">
            \(LineField(name: "user_name", label: "User name there", value: form.text("user_name"),
                hint: "Empty where anybody may read it.").html)
            \(LineField(name: "password", label: "Password or token there", type: "password",
                autocomplete: "new-password").html)
            </div>
            \(CheckField(
                name: "mirror", label: "Go on to follow it", isChecked: form.isChecked("mirror"),
                hint: "A mirror is brought up to date every 8 hours, and is pushed to only there."
            ).html)
            \(what)
            """ as HTML).html)
        <p class="other-way"><a href="\(place)">Make an empty one instead</a></p>
        """
    }

    private var what: HTML {
        """
        <div class="pair">
        \(ChoiceField(
            name: "owner", label: "Owner", options: owners.map { .init(value: $0, label: $0) }, value: form.text("owner")
        ).html)
        \(LineField(name: "name", label: "Name", value: form.text("name"), isRequired: true).html)
        </div>
        \(LineField(name: "description", label: "Description", value: form.text("description")).html)
        <fieldset><legend>Who sees it</legend>
        \(RadioField(
            name: "visibility", value: "private", label: "Private", isChecked: form["visibility"] != "public",
            hint: "Only who was given a right, and members of the organization that owns it."
        ).html)
        \(RadioField(
            name: "visibility", value: "public", label: "Public", isChecked: form["visibility"] == "public",
            hint: "Whoever reaches this server."
        ).html)
        </fieldset>
        """
    }

    private static let ignored =
        [ChoiceField.Option(value: "", label: "nothing")]
        + IgnoredFiles.allCases.map { .init(value: $0.rawValue, label: $0.rawValue) }
    private static let licences =
        [ChoiceField.Option(value: "", label: "none")]
        + Licence.allCases.map { .init(value: $0.rawValue, label: $0.rawValue) }
}

/// One of a few that exclude each other.
struct RadioField {
    let name: String
    let value: String
    let label: String
    let isChecked: Bool
    var hint = ""

    var html: HTML {
        """
        <label class="check"><input type="radio" name="\(name)" value="\(value)" \(isChecked ? "checked" : "" as HTML)>\
        <span>\(label)<span class="hint">\(hint)</span></span></label>
        """
    }
}
