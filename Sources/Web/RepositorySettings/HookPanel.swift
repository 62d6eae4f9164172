import Core
import HTTP
import Webhooks

/// One webhook of a repository: what it is, and what it was told.
struct HookPanel: Panel {
    let hook: Hook
    let deliveries: ListPage<Delivery>
    let page: PageRequest
    let place: Address
    let api: Address
    let origin: String
    let rejected: Query?

    var title: String { "Webhook \(hook.id)" }

    var ways: [Way] {
        let test =
            "curl -X POST -H \"Authorization: Bearer $ROOST_TOKEN\" -H 'Content-Type: application/json' -d '{}' \\\n  "
        return [.json(api), .json(api["deliveries"]), .shell("\(test)\(origin)\(api["tests"])")]
    }

    var body: HTML {
        """
        <section><div class="row">\(HookState(isActive: hook.isActive).html)<span class="mono">\(hook.url)</span>
        <span class="badge">\(hook.kind.rawValue)</span></div></section>
        <section><h2>Deliveries</h2>\(test)\(DeliveryTable(deliveries: deliveries.elements, place: place).html)
        \(Pager(total: deliveries.total, number: page.number, limit: page.limit, address: place).html)</section>
        <section><h2>Change it</h2>
        \(FormBox(
            action: place, deed: "save", button: "Save", fields: HookFields(hook: hook, form: rejected).html
        ).html)</section>
        <section><h2>Delete</h2>
        \(FormBox(action: place, deed: "delete", button: "Delete the webhook", look: .danger).html)</section>
        """
    }
}

extension HookPanel {
    /// What is disabled is told nothing.
    private var test: HTML? {
        guard hook.isActive else { return nil }
        return """
            <p class="quiet">A test tells of a push that brought nothing; how it was taken is shown below within seconds.</p>
            \(FormBox(action: place, deed: "test", button: "Send a test", look: .plain).html)
            """
    }
}

extension Web {
    var hookSettings: [Endpoint] { hookList + hookPage }

    private var hookList: [Endpoint] {
        repositoryDesk("/hooks") { visit, _, rejected in
            HooksPanel(
                hooks: try await webhooks.hooks(for: visit.caller).list(
                    PageRequest(limit: HookStore.countLimit)
                ),
                place: visit.place,
                api: visit.repositoryAPI["hooks"],
                rejected: rejected?.form
            )
        } take: { visit, _, form in
            let new = try NewHook(
                form.choice("kind"),
                url: form.word("url"),
                secret: form.text("secret"),
                events: HookEvents(form.all("event")),
                branches: BranchFilter(form.word("branches")),
                isActive: form.isChecked("active")
            )
            let hook = try await webhooks.hooks(for: visit.caller).create(new, at: visit.origin)
            return .goOn(visit.place["\(hook.id)"].after(.added))
        }
    }

    private var hookPage: [Endpoint] {
        desk("settings/hooks/:hook", in: .repositoryPages, needs: .admin) { visit, rejected in
            let store = webhooks.hooks(for: visit.caller)
            let hook = try await store.get(visit.hookID)
            let page = try visit.pageRequest()
            let panel = HookPanel(
                hook: hook,
                deliveries: try await store.deliveries(of: hook.id, page),
                page: page,
                place: visit.place,
                api: visit.repositoryAPI["hooks"]["\(hook.id)"],
                origin: visit.serverOrigin,
                rejected: rejected?.form
            )
            return SettingsPage(
                menu: .ofRepository(visit, visit.requiredRepository),
                panel: panel,
                notice: Notice(visit, rejected),
                item: "Webhooks"
            )
        } take: { visit, form in
            try await change(hook: visit.hookID, form, visit)
        }
    }

    private func change(hook id: Int64, _ form: Query, _ visit: Visit) async throws -> Outcome {
        let store = webhooks.hooks(for: visit.caller)
        switch form["do"] {
        case "again":
            _ = try await store.sendAgain(form.text("delivery"), of: id)
            return .goOn(visit.place.after(.queued))
        case "test":
            try await store.post(.push, testLetter(visit.caller, visit.origin), to: id)
            return .goOn(visit.place.after(.queued))
        case "delete":
            try await store.delete(id)
            return .goOn(visit.base.below("settings/hooks").after(.removed))
        case "save":
            let change = try HookChange(
                url: form.word("url"),
                secret: form.text("secret").isEmpty ? nil : form.text("secret"),
                events: HookEvents(form.all("event")),
                branches: BranchFilter(form.word("branches")),
                isActive: form.isChecked("active")
            )
            _ = try await store.edit(id, change, at: visit.origin)
            return .goOn(visit.place.after(.saved))
        default: throw Failure.unknownDeed
        }
    }
}

extension Visit {
    fileprivate var hookID: Int64 {
        get throws { try number("hook", orMissing: "The repository has no such hook.") }
    }
}
