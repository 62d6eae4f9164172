import Core
import Database
import Events
import NIOPosix
import ObjectStore
import Registry
import Tracking

/// What the settings say that a server stands on, opened and brought to this program's schema.
struct Storage: Sendable {
    let database: any Database
    let tracking: Tracking
    let registry: Registry
    /// The artifacts that this server keeps; nil where clients send them elsewhere.
    let files: FileStore?

    /// The whole schema, room by room.
    static let migrations =
        EventMigrations.all + TrackingMigrations.all + RegistryMigrations.all + ObjectStoreMigrations.all

    /// Who uses a server on its own machine.
    static let localCaller = Caller(name: "local", workspace: .standard)

    static func open(_ settings: Settings, webhooks: WebhookMeans = WebhookMeans()) async throws -> Storage {
        let database = try await settings.database.open()
        try await database.migrate(migrations)
        let tracking = Tracking(database: database, artifactRoot: settings.defaultArtifactRoot)
        try await tracking.prepare(for: localCaller)
        var files: FileStore?
        if settings.servesArtifacts {
            try PrivateFolder.make(settings.artifactsFolder)
            let objects = try await DiskObjectStore.open(root: settings.artifactsFolder, pool: .singleton)
            files = FileStore(database: database, objects: objects)
        }
        return Storage(
            database: database,
            tracking: tracking,
            registry: Registry(database: database, webhooks: webhooks),
            files: files
        )
    }

    func close() async throws { try await database.close() }
}
