import Accounts
import Core
import Database
import ObjectStore
import Registry
import Repositories
import Tracking
import Webhooks

/// Removes for good what is left of repositories that were deleted long enough ago, from every room.
///
/// It may be ended at any moment and run again, beside a running server, and by several servers at once.
struct RepositoryRemoval: Sendable {
    let accounts: Accounts
    let tracking: Tracking
    let registry: Registry
    let repositories: Repositories
    let webhooks: Webhooks
    let files: FileStore

    /// - Parameter storage: Where everything is; nothing comes of one without files, since what another server on the same
    ///   database keeps would be named by nothing and stay for ever.
    init?(_ storage: Storage) {
        guard let files = storage.files else { return nil }
        self.files = files
        accounts = storage.accounts
        tracking = storage.tracking
        registry = storage.registry
        repositories = storage.repositories
        webhooks = Webhooks(storage.database, WebhookMeans())
    }

    /// - Parameter beforeMs: What was deleted earlier goes; epoch milliseconds.
    /// - Returns: How many repositories are gone.
    /// - Throws: What a room throws; what was begun is ended by the next run.
    func run(deletedBefore beforeMs: Int64) async throws -> Int {
        try await accounts.purge.run(deletedBefore: beforeMs) { try await clear($0) }
    }

    private func clear(_ workspace: WorkspaceID) async throws {
        try await webhooks.removeAll(of: workspace)
        try await registry.removeAll(of: workspace)
        try await tracking.removeAll(of: workspace)
        try await repositories.removeAll(of: workspace)
        try await files.removeAll(of: workspace)
    }
}
