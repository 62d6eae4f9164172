import Core

/// What is sent to a receiver, with what stands above it.
struct WebhookLetter: Sendable {
    let body: String
    let event: String
    let id: String
    /// In seconds.
    let timestamp: String
    let secret: String?

    /// - Source: MLflow 3.17, `mlflow/webhooks/delivery.py`, `_send_webhook_request`.
    var mlflowHeaders: [(String, String)] {
        [
            ("Content-Type", "application/json"), ("X-MLflow-Delivery-Id", id),
            ("X-MLflow-Timestamp", timestamp),
        ] + (timedSignature.map { [("X-MLflow-Signature", $0)] } ?? [])
    }

    /// The names under which receivers of Gitea, Gogs and GitHub look for them, and Roost's own.
    ///
    /// - Source: Gitea 1.22, `services/webhook/deliver.go`, `addDefaultHeaders`.
    func hookHeaders(_ type: WebhookContentType) -> [(String, String)] {
        var headers = [
            ("Content-Type", type == .json ? "application/json" : "application/x-www-form-urlencoded"),
            ("X-Roost-Timestamp", timestamp),
        ]
        for name in ["Roost", "Gitea", "Gogs", "GitHub"] {
            headers.append(("X-\(name)-Delivery", id))
            headers.append(("X-\(name)-Event", event))
        }
        guard let secret, let timedSignature else { return headers }
        let code = WebhookSignature.hexadecimal(of: body, secret: secret)
        return headers + [
            ("X-Gitea-Signature", code), ("X-Gogs-Signature", code),
            ("X-Hub-Signature-256", "sha256=" + code), ("X-Roost-Signature", timedSignature),
        ]
    }

    func bytes(as type: WebhookContentType) -> [UInt8] {
        switch type {
        case .json: Array(body.utf8)
        case .form: Array("payload=\(PercentText.escaped(body))".utf8)
        }
    }

    private var timedSignature: String? {
        secret.map { WebhookSignature.text(of: body, deliveryID: id, timestamp: timestamp, secret: $0) }
    }
}
