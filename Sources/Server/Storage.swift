import API
import Accounts
import Core
import Database
import Events
import HTTP
import NIOPosix
import ObjectStore
import Registry
import Repositories
import Tracking
import Webhooks

/// What the settings say that a server stands on, opened and brought to this program's schema.
struct Storage: Sendable {
    let database: any Database
    let tracking: Tracking
    let registry: Registry
    let accounts: Accounts
    let repositories: Repositories
    /// The artifacts that this server keeps; nil where clients send them elsewhere.
    let files: FileStore?

    /// The whole schema, room by room.
    static let migrations =
        EventMigrations.all + TrackingMigrations.all + RegistryMigrations.all + WebhookMigrations.all
        + ObjectStoreMigrations.all
        + AccountMigrations.all + RepositoryMigrations.all

    /// Who uses a server on its own machine.
    static let localCaller = Caller(name: "local", workspace: .standard)

    /// - Parameters:
    ///   - settings: Where everything lies.
    ///   - webhooks: How webhooks are told; commands tell none, and what they queue is told by the server.
    ///   - isServing: Whether a signing key is made where there is none; commands only use one.
    ///   - bringsArtifacts: Whether a command keeps artifacts, for which the folder must be the database's.
    /// - Returns: Everything, ready.
    /// - Throws: `SettingError` where something cannot be opened, or the folders are not those of the database.
    static func open(
        _ settings: Settings,
        webhooks: WebhookMeans = WebhookMeans(),
        isServing: Bool = false,
        bringsArtifacts: Bool = false
    ) async throws -> Storage {
        let database = try await settings.database.open()
        try await database.migrate(migrations)
        // Before anything is made in them: a folder may be missing because it is not mounted.
        let kept = settings.servesArtifacts ? [StoreMark.artifacts(settings)] : []
        if isServing {
            try await StoreMark.claim(kept + [.repositories(settings)], for: database, settings)
        } else if bringsArtifacts {
            try await StoreMark.claim(kept, for: database, settings)
        }
        let tracking = Tracking(database: database, artifactRoot: settings.defaultArtifactRoot) {
            try Accounts.forget(.experiment($0), by: $1, in: $2)
        }
        try await tracking.prepare(for: localCaller)
        var files: FileStore?
        if settings.servesArtifacts {
            try PrivateFolder.make(settings.artifactsFolder)
            let objects = try await DiskObjectStore.open(root: settings.artifactsFolder, pool: .singleton)
            files = FileStore(database: database, objects: objects)
        }
        var signer: SigningKey?
        if settings.servesArtifacts {
            let file = SigningKeyFile(path: settings.signingKeyFile)
            signer = isServing ? try file.readOrMake() : try file.read()
        }
        let registry = Registry(
            database: database,
            rights: ApprovalRights(
                allow: { _, _, _, _ in true },
                counts: { try Accounts.mayWrite($0, since: $1, in: $2, $3) }
            ),
            signer: signer,
            sourcePattern: settings.modelSourcePattern,
            webhooks: webhooks
        ) { name, newName, caller, connection in
            try Accounts.follow(model: name, to: newName, by: caller, in: connection)
        }
        if let signer { try await registry.signingKeys.register(signer.publicKey) }
        return Storage(
            database: database,
            tracking: tracking,
            registry: registry,
            accounts: accounts(
                database,
                tracking,
                registry,
                graceDays: settings.repositoryGraceDays
            ),
            repositories: try GitHosting.open(
                database,
                in: settings.dataFolder,
                mirrors: isServing ? MirrorMeans(settings, files: files) : MirrorMeans(),
                isServing: isServing
            ),
            files: files
        )
    }

    /// The accounts, whose repositories have what the other rooms keep for them.
    static func accounts(
        _ database: any Database,
        _ tracking: Tracking,
        _ registry: Registry,
        graceDays: Int = Accounts.standardGraceDays
    ) -> Accounts {
        Accounts(database: database, graceDays: graceDays) { caller, connection in
            try tracking.furnish(for: caller, in: connection)
        } silence: { caller, connection in
            try Repositories.endTransfers(of: caller, in: connection)
            try Webhooks.giveUp(of: caller.workspace, in: connection)
        } hold: { object, caller, connection in
            switch object.kind {
            case .experiment:
                let id = try ExperimentID.parse(object.name)
                try tracking.experiments(for: caller).hold(id, in: connection)
            case .registeredModel:
                try registry.registeredModels(for: caller).hold(ModelName(object.name), in: connection)
            }
        }
    }

    /// What is answered about registered models, the logged models that they come from, and webhooks.
    var registryEndpoints: [Endpoint] {
        let seals = VersionSeals(registry, tracking, files)
        return LoggedModelEndpoints.all(tracking, seals) + RegisteredModelEndpoints.all(registry)
            + ModelVersionEndpoints.all(registry, tracking, seals) + RegistryHistoryEndpoints.all(registry)
            + ApprovalEndpoints.all(registry) + SignatureEndpoints.all(registry, seals)
            + WebhookEndpoints.all(registry)
    }

    func close() async throws { try await database.close() }
}
