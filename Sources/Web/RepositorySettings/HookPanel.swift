import Core
import HTTP
import Registry
import Webhooks

/// One webhook: what it is, and what it was told.
struct HookPanel: Panel {
    let webhook: Webhook
    let deliveries: [Delivery]
    let next: String?
    /// How a test went, where one was just made.
    let tested: WebhookStore.TestResult?
    let place: Address
    let list: Address
    let api: Address
    let rejected: Query?

    var title: String { webhook.name }
    var ways: [Way] { [.json(api)] }

    var body: HTML {
        """
        \(tested.map(said))
        <section><div class="row">\(HookState(status: webhook.status).html)<span class="mono">\(webhook.url)</span></div></section>
        <section><h2>Deliveries</h2>\(log)
        \(next.map {
            "<nav class=\"pager\"><a class=\"button\" href=\"\(place.with("after", $0))\">Older</a></nav>" as HTML
        })
        \(FormBox(action: place, deed: "test", button: "Send a test", look: .plain).html)</section>
        <section><h2>Change it</h2>
        \(FormBox(
            action: place, deed: "save", button: "Save", fields: HookFields(webhook: webhook, form: rejected).html
        ).html)</section>
        <section><h2>Delete</h2>
        \(FormBox(action: place, deed: "delete", button: "Delete the webhook", look: .danger).html)</section>
        """
    }

    private func said(_ result: WebhookStore.TestResult) -> HTML {
        let status = result.status.map { "The receiver answered \($0)." } ?? ""
        return """
            <p class="note \(result.isSuccess ? "" : "bad")" role="status">\(result.isSuccess
                ? "The test arrived." : "The test did not arrive.") \(status) \(result.error ?? "")</p>
            """
    }

    private var log: HTML {
        guard !deliveries.isEmpty else { return "<p>It was told nothing yet.</p>" }
        return """
            <div class="scroll"><table class="list"><thead><tr><th>What</th><th>Status</th><th class="number">Attempts</th>
            <th class="number">Answer</th><th>Queued</th><th>Last attempt</th>
            <th><span class="visually-hidden">Send again</span></th></tr></thead><tbody>\(deliveries.map(row))</tbody></table></div>
            """
    }

    private func row(_ delivery: Delivery) -> HTML {
        let again = FormBox(
            action: place,
            deed: "again",
            button: "Send again",
            look: .plain,
            hidden: [("delivery", delivery.id)],
            about: delivery.id
        )
        return """
            <tr><td>\(delivery.event)<br><span class="mono small quiet">\(delivery.id)</span>
            \(delivery.error.map { "<br><span class=\"small\">\($0)</span>" as HTML })</td>
            <td>\(state(delivery.status))</td><td class="number">\(delivery.attempts)</td>
            <td class="number">\(delivery.responseStatus.map { "\($0)" } ?? "–")</td>
            <td>\(TimeLabel(delivery.createdMs).html)</td><td>\(delivery.lastAttemptMs.map { TimeLabel($0).html } ?? "–")</td>
            <td class="end">\(delivery.status == .pending ? nil : again.inRow)</td></tr>
            """
    }

    private func state(_ status: DeliveryStatus) -> HTML {
        switch status {
        case .pending: "<span class=\"badge busy\">waits</span>"
        case .delivered: "<span class=\"badge good\">delivered</span>"
        case .failed: "<span class=\"badge bad\">given up</span>"
        }
    }
}

extension Web {
    private static let mostShown = 50

    var webhookSettings: [Endpoint] { hookList + hookPage }

    private var hookList: [Endpoint] {
        repositoryDesk("/hooks") { visit, _, rejected in
            let page = try await registry.webhooks(for: visit.caller)
                .list(limit: Self.mostShown, after: visit.query("after"))
            return HooksPanel(
                webhooks: page.webhooks,
                next: page.next,
                place: visit.place,
                service: visit.service,
                rejected: rejected?.form
            )
        } take: { visit, _, form in
            let webhook = try await registry.webhooks(for: visit.caller).create(form.newWebhook())
            return .goOn(visit.place[webhook.id].after(.added))
        }
    }

    private var hookPage: [Endpoint] {
        desk("settings/hooks/:hook", in: .repositoryPages, needs: .admin) { visit, rejected in
            try await hook(visit, rejected)
        } take: { visit, form in
            try await change(hook: visit.call.parameter("hook"), form, visit)
        }
    }

    private func hook(
        _ visit: Visit,
        _ rejected: Rejected?,
        tested: WebhookStore.TestResult? = nil
    ) async throws -> SettingsPage {
        let id = visit.call.parameter("hook")
        async let webhook = registry.webhooks(for: visit.caller).get(id)
        async let log = registry.deliveries(for: visit.caller)
            .list(of: id, limit: Self.mostShown, after: visit.query("after"))
        let panel = HookPanel(
            webhook: try await webhook,
            deliveries: try await log.deliveries,
            next: try await log.next,
            tested: tested,
            place: visit.place,
            list: visit.base.below("settings/hooks"),
            api: visit.service.below("api/2.0/roost/webhooks")[id]["deliveries"],
            rejected: rejected?.form
        )
        return SettingsPage(
            menu: .ofRepository(visit, visit.requiredRepository),
            panel: panel,
            notice: Notice(visit, rejected),
            item: "Webhooks"
        )
    }

    private func change(hook id: String, _ form: Query, _ visit: Visit) async throws -> Outcome {
        let store = registry.webhooks(for: visit.caller)
        switch form["do"] {
        case "test": return .show(try await hook(visit, nil, tested: store.test(id)))
        case "again":
            _ = try await registry.deliveries(for: visit.caller).sendAgain(form.text("delivery"), of: id)
            return .goOn(visit.place.after(.queued))
        case "delete":
            try await store.delete(id)
            return .goOn(visit.base.below("settings/hooks").after(.removed))
        default:
            _ = try await store.update(id, form.webhookChange())
            return .goOn(visit.place.after(.saved))
        }
    }
}
