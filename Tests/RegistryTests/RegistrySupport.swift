import Core
import Database
import Events
import Registry
import TestSupport
import Testing
import Webhooks
import struct Core.Tag

/// The cast: `ann` works in the default workspace, `eve` in another.
let ann = Caller(name: "ann", workspace: .standard)
let eve = Caller(name: "eve", workspace: WorkspaceID(key: 2))

/// Runs a test on a registry of its own, with a clock that starts at 1 000.
func withRegistry<T>(
    on backend: Backend,
    clock: TestClock = TestClock(),
    sharesTime: Bool = false,
    rights: ApprovalRights = .everybody,
    signer: SigningKey? = nil,
    webhooks: WebhookMeans = WebhookMeans(),
    _ body: (Registry) async throws -> T
) async throws -> T {
    try await withDatabase(
        on: backend,
        migrations: EventMigrations.all + RegistryMigrations.all + WebhookMigrations.all,
        clock: clock.clock,
        sharesTime: sharesTime
    ) { database in
        let registry = Registry(database: database, rights: rights, signer: signer, webhooks: webhooks)
        if let signer { try await registry.signingKeys.register(signer.publicKey) }
        return try await body(registry)
    }
}

extension Registry {
    /// A model of ann's with so many versions.
    @discardableResult
    func newModel(named name: String = "iris", versions: Int = 0) async throws -> ModelName {
        let name = try ModelName(name)
        _ = try await registeredModels(for: ann).create(NewRegisteredModel(name: name))
        for _ in 0..<versions { try await newVersion(of: name) }
        return name
    }

    @discardableResult
    func newVersion(
        of name: ModelName,
        tags: [Tag] = [],
        files: VersionFiles = .elsewhere
    ) async throws -> Int64 {
        let new = try NewModelVersion(
            name: name,
            source: "s3://b/m",
            storageLocation: "s3://b/m",
            tags: tags,
            files: files
        )
        return try await modelVersions(for: ann).create(new).version
    }
}
