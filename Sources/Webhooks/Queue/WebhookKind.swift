import Core

/// In whose words a webhook is told.
package enum WebhookKind: String, Sendable, Hashable, CaseIterable {
    /// Of MLflow's registry; the others are hooks of repositories.
    case mlflow
    case gitea
    case gogs
    case roost

    /// - Throws: `Failure` for a kind that this program does not know.
    init(stored word: String) throws(Failure) {
        guard let kind = WebhookKind(rawValue: word) else {
            throw Failure(.internalError, "There is a webhook of the unknown kind '\(word)'.")
        }
        self = kind
    }
}

/// How a hook of a repository gets its JSON.
package enum WebhookContentType: String, Sendable, Hashable, CaseIterable {
    case json
    /// In the field `payload` of a form.
    case form
}
