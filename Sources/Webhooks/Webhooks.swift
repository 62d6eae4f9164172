package import Core
package import Database

/// The hooks of repositories, and the queue that they share with the webhooks of the registry.
package struct Webhooks: Sendable {
    package let database: any Database
    package let means: WebhookMeans

    package init(_ database: any Database, _ means: WebhookMeans) {
        self.database = database
        self.means = means
    }

    /// The hooks of a caller's repository.
    package func hooks(for caller: Caller) -> HookStore { HookStore(database, means, for: caller) }
}
