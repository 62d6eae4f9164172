import Core
package import Database

/// The secrets of the webhooks of all workspaces, as they are stored.
package struct WebhookSecretStore: Sendable {
    let database: any Database
    let secrets: SecretBox

    package init(_ database: any Database, _ means: WebhookMeans) {
        self.database = database
        secrets = means.secrets
    }

    /// What came of sealing secrets anew.
    package struct Resealed: Sendable, Hashable {
        package let count: Int
        /// The webhooks whose secrets no key opens; they stay as they are.
        package let unreadable: [String]
    }

    /// Seals every secret anew under the first key of the box, in one transaction.
    ///
    /// - Returns: How many they were.
    /// - Throws: `DatabaseError` where the database fails; what telling the keys throws.
    package func reseal() async throws -> Resealed {
        let box = try secrets.fixed()
        return try await database.write { connection in
            let found = try connection.rows(
                """
                SELECT webhook_key, webhook_id, secret FROM webhooks
                WHERE secret IS NOT NULL
                ORDER BY webhook_key \(.forUpdate)
                """
            ) { (key: $0.int(0), id: $0.text(1), sealed: $0.blob(2)) }
            var unreadable: [String] = []
            for webhook in found {
                let secret: String
                do {
                    secret = try box.open(webhook.sealed, of: webhook.id)
                } catch let failure as Failure where failure.code == .invalidState {
                    unreadable.append(webhook.id)
                    continue
                }
                try connection.execute(
                    """
                    UPDATE webhooks SET secret = \(try box.seal(secret, of: webhook.id))
                    WHERE webhook_key = \(webhook.key)
                    """
                )
            }
            return Resealed(count: found.count - unreadable.count, unreadable: unreadable)
        }
    }
}
