import Core
import HTTP
import Registry
import Webhooks

/// One webhook: what it is, and what it was told.
struct ModelHookPanel: Panel {
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
        <section><div class="row">\(HookState(isActive: webhook.status == .active).html)<span class="mono">\(webhook.url)</span></div></section>
        <section><h2>Deliveries</h2>\(DeliveryTable(deliveries: deliveries, place: place).html)
        \(next.map {
            "<nav class=\"pager\"><a class=\"button\" href=\"\(place.with("after", $0))\">Older</a></nav>" as HTML
        })
        \(FormBox(action: place, deed: "test", button: "Send a test", look: .plain).html)</section>
        <section><h2>Change it</h2>
        \(FormBox(
            action: place, deed: "save", button: "Save", fields: ModelHookFields(webhook: webhook, form: rejected).html
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
}

extension Web {
    private static let mostShown = 50

    var modelHookSettings: [Endpoint] { modelHookList + modelHookPage }

    private var modelHookList: [Endpoint] {
        repositoryDesk("/model-hooks") { visit, _, rejected in
            let page = try await registry.webhooks(for: visit.caller)
                .list(limit: Self.mostShown, after: visit.query("after"))
            return ModelHooksPanel(
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

    private var modelHookPage: [Endpoint] {
        desk("settings/model-hooks/:hook", in: .repositoryPages, needs: .admin) { visit, rejected in
            try await modelHook(visit, rejected)
        } take: { visit, form in
            try await change(modelHook: visit.call.parameter("hook"), form, visit)
        }
    }

    private func modelHook(
        _ visit: Visit,
        _ rejected: Rejected?,
        tested: WebhookStore.TestResult? = nil
    ) async throws -> SettingsPage {
        let id = visit.call.parameter("hook")
        async let webhook = registry.webhooks(for: visit.caller).get(id)
        async let log = registry.deliveries(for: visit.caller)
            .list(of: id, limit: Self.mostShown, after: visit.query("after"))
        let panel = ModelHookPanel(
            webhook: try await webhook,
            deliveries: try await log.deliveries,
            next: try await log.next,
            tested: tested,
            place: visit.place,
            list: visit.base.below("settings/model-hooks"),
            api: visit.service.below("api/2.0/roost/webhooks")[id]["deliveries"],
            rejected: rejected?.form
        )
        return SettingsPage(
            menu: .ofRepository(visit, visit.requiredRepository),
            panel: panel,
            notice: Notice(visit, rejected),
            item: "Model webhooks"
        )
    }

    private func change(modelHook id: String, _ form: Query, _ visit: Visit) async throws -> Outcome {
        let store = registry.webhooks(for: visit.caller)
        switch form["do"] {
        case "test": return .show(try await modelHook(visit, nil, tested: store.test(id)))
        case "again":
            _ = try await registry.deliveries(for: visit.caller).sendAgain(form.text("delivery"), of: id)
            return .goOn(visit.place.after(.queued))
        case "delete":
            try await store.delete(id)
            return .goOn(visit.base.below("settings/model-hooks").after(.removed))
        case "save":
            _ = try await store.update(id, form.webhookChange())
            return .goOn(visit.place.after(.saved))
        default: throw Failure.unknownDeed
        }
    }
}
