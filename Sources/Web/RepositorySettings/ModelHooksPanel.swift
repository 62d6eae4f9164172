import Core
import HTTP
import Registry

/// The addresses that are told what happens to a repository's models.
struct ModelHooksPanel: Panel {
    let webhooks: [Webhook]
    let next: String?
    let place: Address
    let service: Address
    let rejected: Query?

    var title: String { "Model webhooks" }
    var ways: [Way] { [.json(service.below("api/2.0/mlflow/webhooks"))] }

    var body: HTML {
        """
        <p class="quiet">What happens to the registered models of this repository is sent to these addresses, signed with their
        secret as MLflow signs.</p>
        \(list)
        \(next.map {
            "<nav class=\"pager\"><a class=\"button\" href=\"\(place.with("after", $0))\">Older</a></nav>" as HTML
        })
        <section><h2>Add a webhook</h2>
        \(FormBox(
            action: place, deed: "add", button: "Add the webhook", fields: ModelHookFields(webhook: nil, form: rejected).html
        ).html)</section>
        """
    }

    private var list: HTML {
        guard !webhooks.isEmpty else {
            return EmptyState(
                heading: "No webhooks yet",
                text: "Add one below, or as MLflow's client does it.",
                lines: """
                    from mlflow import MlflowClient
                    MlflowClient().create_webhook("deploy", "https://example.com/hook", ["model_version.created"])
                    """
            ).html
        }
        return "<section><ul class=\"things\">\(webhooks.map(row))</ul></section>"
    }

    private func row(_ webhook: Webhook) -> HTML {
        """
        <li><h3><a href="\(place[webhook.id])">\(webhook.name)</a> \(HookState(isActive: webhook.status == .active).html)</h3>
        <p class="mono small">\(webhook.url)</p>
        <p class="facts-line">\(webhook.events.map { "<span class=\"badge\">\($0.rawValue)</span>" as HTML })</p></li>
        """
    }
}

/// What a webhook is made of.
struct ModelHookFields {
    /// Nil for a new one.
    let webhook: Webhook?
    /// What was sent and refused.
    let form: Query?

    var html: HTML {
        """
        \(LineField(name: "name", label: "Name", value: form?["name"] ?? webhook?.name ?? "", isRequired: true).html)
        \(LineField(
            name: "url", label: "Address", value: form?["url"] ?? webhook?.url ?? "", type: "url", isRequired: true,
            placeholder: "https://"
        ).html)
        \(LineField(
            name: "secret", label: "Secret", type: "password",
            hint: webhook == nil
                ? "Signs what is sent, so that the receiver knows that it is from here." : "Left empty it stays as it is.",
            autocomplete: "new-password"
        ).html)
        \(LineField(
            name: "description", label: "Description", value: form?["description"] ?? webhook?.description ?? ""
        ).html)
        <fieldset><legend>What it is told of</legend>\(events)</fieldset>
        \(CheckField(
            name: "active", label: "Active",
            isChecked: form.map { $0.isChecked("active") } ?? (webhook.map { $0.status == .active } ?? true)
        ).html)
        """
    }

    private var events: [HTML] {
        WebhookEvent.allCases.filter { $0 != .budgetPolicyExceeded }.map { event in
            let isChosen =
                form.map { $0.all("event").contains(event.rawValue) } ?? webhook?.events.contains(event)
                ?? (event == .modelVersionCreated)
            return CheckField(
                name: "event",
                label: event.rawValue,
                isChecked: isChosen,
                value: event.rawValue
            ).html
        }
    }
}

extension Query {
    /// The events that are ticked.
    fileprivate var events: [WebhookEvent] { all("event").compactMap(WebhookEvent.init) }

    fileprivate var webhookStatus: WebhookStatus { isChecked("active") ? .active : .disabled }

    func newWebhook() throws -> NewWebhook {
        try NewWebhook(
            name: WebhookName(word("name")),
            url: word("url"),
            events: events,
            description: word("description"),
            secret: text("secret"),
            status: webhookStatus
        )
    }

    func webhookChange() throws -> WebhookChange {
        guard !events.isEmpty else { throw Failure.invalid("Choose at least one thing that it is told of.") }
        return WebhookChange(
            name: try WebhookName(word("name")),
            url: word("url"),
            events: events,
            description: word("description"),
            secret: text("secret").isEmpty ? nil : text("secret"),
            status: webhookStatus
        )
    }
}
