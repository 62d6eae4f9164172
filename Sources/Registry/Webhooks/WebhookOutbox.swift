import Core
import Database
import Webhooks

/// Queues what happened for the webhooks that are to be told, in the transaction that did it.
struct WebhookOutbox {
    let registry: Registry
    let caller: Caller
    let connection: any Connection

    /// - Parameters:
    ///   - change: What happened.
    ///   - modelKey: The model or prompt that it happened to.
    /// - Throws: `DatabaseError` where the database fails.
    func post(_ change: RegistryChange, of modelKey: Int64) throws {
        let events = change.events
        let receivers = try receivers(of: [events.prompt, events.model].compactMap(\.self))
        guard !receivers.isEmpty else { return }
        let isPrompt = try change.isPrompt ?? isPrompt(modelKey)
        guard let event = isPrompt ? events.prompt : events.model else { return }
        let keys = receivers.filter { $0.event == event.rawValue }.map(\.webhook)
        guard !keys.isEmpty else { return }
        let body = event.body(change.data, atMs: connection.nowMs)
        try registry.webhookMeans.post(event.rawValue, body, to: keys, in: connection)
    }

    private func receivers(of events: [WebhookEvent]) throws -> [(webhook: Int64, event: String)] {
        try connection.rows(
            """
            SELECT w.webhook_key, e.event
            FROM webhooks w JOIN webhook_events e ON e.webhook_key = w.webhook_key
            WHERE w.workspace_id = \(caller.workspace.key) AND w.kind = \(WebhookKind.mlflow.rawValue) AND w.status = 'ACTIVE' AND w.deleted_time IS NULL
                AND e.event IN (\(events.map { "\($0.rawValue)" as SQL }.joined(separator: ", ")))
            ORDER BY w.webhook_key
            """
        ) { ($0.int(0), $0.text(1)) }
    }

    private func isPrompt(_ modelKey: Int64) throws -> Bool {
        let mark = try connection.first(
            "SELECT value FROM registered_model_tags WHERE model_key = \(modelKey) AND key = \(Prompt.markKey)"
        ) { $0.text(0) }
        return mark?.lowercased() == "true"
    }
}
