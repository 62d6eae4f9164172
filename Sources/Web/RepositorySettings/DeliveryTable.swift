import Webhooks

/// What a webhook was told, with the buttons that tell it once more.
struct DeliveryTable {
    let deliveries: [Delivery]
    let place: Address

    var html: HTML {
        guard !deliveries.isEmpty else { return "<p>It was told nothing yet.</p>" }
        return """
            <div class="scroll" tabindex="0"><table class="list"><thead><tr><th>What</th><th>Status</th>
            <th class="number">Attempts</th><th class="number">Answer</th><th>Queued</th><th>Last attempt</th>
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

/// Whether a webhook is told anything.
struct HookState {
    let isActive: Bool

    var html: HTML {
        isActive ? "<span class=\"badge good\">active</span>" : "<span class=\"badge\">disabled</span>"
    }
}
