import Core
import HTTP
import Webhooks

/// The addresses that are told what happens in a repository.
struct HooksPanel: Panel {
    let hooks: ListPage<Hook>
    let place: Address
    let api: Address
    let rejected: Query?

    var title: String { "Webhooks" }
    var ways: [Way] { [.json(api)] }

    var body: HTML {
        """
        <p class="quiet">Pushes, branches, tags, releases, finished runs and versions of models are told to these addresses, in the
        shapes that Gitea and Gogs have, signed with their secret.</p>
        \(list)
        <section><h2>Add a webhook</h2>
        \(FormBox(
            action: place, deed: "add", button: "Add the webhook", fields: HookFields(hook: nil, form: rejected).html
        ).html)</section>
        """
    }

    private var list: HTML {
        guard !hooks.elements.isEmpty else {
            return EmptyState(
                heading: "No webhooks yet",
                text: "Add one below to start a build, a deployment or a message by what happens here."
            ).html
        }
        return "<section><ul class=\"things\">\(hooks.elements.map(row))</ul></section>"
    }

    private func row(_ hook: Hook) -> HTML {
        """
        <li><h3><a class="mono" href="\(place["\(hook.id)"])">\(hook.url)</a> \(HookState(isActive: hook.isActive).html)</h3>
        <p class="facts-line">\(hook.events.words.map { "<span class=\"badge\">\($0)</span>" as HTML })</p></li>
        """
    }
}

/// What a webhook of a repository is made of.
struct HookFields {
    /// Nil for a new one.
    let hook: Hook?
    /// What was sent and refused.
    let form: Query?

    var html: HTML {
        """
        \(LineField(
            name: "url", label: "Address", value: form?["url"] ?? hook?.url ?? "", type: "url", isRequired: true,
            placeholder: "https://"
        ).html)
        \(hook == nil ? kinds : nil)
        \(LineField(
            name: "secret", label: "Secret", type: "password",
            hint: hook == nil
                ? "Signs what is sent, so that the receiver knows that it is from here." : "Left empty it stays as it is.",
            autocomplete: "new-password"
        ).html)
        <fieldset><legend>What it is told of</legend>\(events)</fieldset>
        \(LineField(
            name: "branches", label: "Branches", value: form?["branches"] ?? hook?.branches.text ?? "",
            hint: "Pushes, creations and deletions only of branches like these: main, release/*, or {main,release/*}. All where it is empty.",
            placeholder: "*"
        ).html)
        \(CheckField(
            name: "active", label: "Active", isChecked: form.map { $0.isChecked("active") } ?? hook?.isActive ?? true
        ).html)
        """
    }

    private var kinds: HTML {
        let kinds = WebhookKind.allCases.filter { $0 != .mlflow }
        return ChoiceField(
            name: "kind",
            label: "In the shape of",
            options: kinds.map { .init(value: $0.rawValue, label: $0.rawValue) },
            value: form?["kind"] ?? ""
        ).html
    }

    private var events: [HTML] {
        HookEvent.allCases.map { event in
            let isChosen =
                form.map { $0.all("event").contains(event.rawValue) }
                ?? hook?.events.words.contains(event.rawValue) ?? (event == .push)
            return CheckField(
                name: "event",
                label: event.rawValue,
                isChecked: isChosen,
                value: event.rawValue
            ).html
        }
    }
}
