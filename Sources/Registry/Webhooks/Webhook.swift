package import Core

/// An address that is told what happens in the registry; its secret is never shown.
package struct Webhook: Sendable, Hashable {
    package let id: String
    package let name: String
    package let description: String?
    package let url: String
    /// By entity and action, each once.
    package let events: [WebhookEvent]
    package let status: WebhookStatus
    /// Epoch milliseconds, as all times.
    package let creationTime: Int64
    package let lastUpdateTime: Int64
}

/// Whether a webhook is told anything; what had happened before it was disabled waits until it is active again.
package enum WebhookStatus: String, Sendable, Hashable, CaseIterable {
    case active = "ACTIVE"
    case disabled = "DISABLED"
}

/// The name of a webhook, which need not be its only one; the initialiser is the validation.
package struct WebhookName: Sendable, Hashable {
    private static let limit = 63

    package let text: String

    /// - Throws: `Failure.invalid` in MLflow's words.
    /// - Source: MLflow 3.17, `mlflow/utils/validation.py`, `_validate_webhook_name`.
    package init(_ text: String) throws(Failure) {
        let isWord = text.utf8.allSatisfy { Self.isAlphanumeric($0) || ".-_".utf8.contains($0) }
        guard isWord, text.utf8.count <= Self.limit, let first = text.utf8.first, let last = text.utf8.last,
            Self.isAlphanumeric(first), Self.isAlphanumeric(last)
        else {
            throw .invalid(
                "Webhook name \(PythonText.repr(text)) is invalid. It must start and end with a letter or digit, be less "
                    + "than 63 characters long, and contain only letters, digits, dots (.), underscores (_), and "
                    + "hyphens (-)."
            )
        }
        self.text = text
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
    }
}
