import Core
import Database
import Outbound
import Webhooks

extension WebhookStore {
    /// What came of a test.
    package struct TestResult: Sendable, Hashable {
        package let isSuccess: Bool
        package let status: Int?
        package let error: String?
    }

    /// Tells a webhook an example, once, whether it is active or not.
    ///
    /// Security: the status of the answer is all that is shown of it.
    ///
    /// - Parameters:
    ///   - id: The webhook.
    ///   - event: What it is told; nil for the first of its own.
    /// - Returns: How the receiver took it.
    /// - Throws: `Failure.missing`.
    /// - Source: MLflow 3.17, `mlflow/webhooks/delivery.py`, `test_webhook`.
    package func test(_ id: String, _ event: WebhookEvent? = nil) async throws -> TestResult {
        let (receiver, first, nowMs) = try await database.read { connection in
            let key = try key(of: id, in: connection)
            let found = try connection.first(
                """
                SELECT w.url, w.secret, MIN(e.event)
                FROM webhooks w JOIN webhook_events e ON e.webhook_key = w.webhook_key
                WHERE w.webhook_key = \(key)
                GROUP BY w.webhook_key, w.url, w.secret
                """
            ) { row in
                (
                    WebhookSender.Receiver(
                        webhookID: id,
                        url: row.text(0),
                        secret: row.isNull(1) ? nil : row.blob(1)
                    ),
                    WebhookEvent(rawValue: row.text(2))
                )
            }
            guard let found else { preconditionFailure("a webhook has no events") }
            return (found.0, found.1, connection.nowMs)
        }
        guard let event = event ?? first else { preconditionFailure("the event is unknown") }
        do {
            let answer = try await WebhookSender(means: registry.webhookMeans).send(
                event.body(event.example, atMs: nowMs),
                of: event.rawValue,
                id: RandomID.uuid(),
                to: receiver,
                atMs: nowMs
            )
            let isSuccess = 200..<300 ~= answer.status
            return TestResult(isSuccess: isSuccess, status: answer.status, error: nil)
        } catch let error as OutboundError {
            return TestResult(isSuccess: false, status: nil, error: "Failed to test webhook: \(error)")
        }
    }
}
