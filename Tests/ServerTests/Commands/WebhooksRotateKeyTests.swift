import Core
import Database
import Outbound
import TestSupport
import Testing

@testable import Registry
@testable import Server
@testable import Webhooks

@Suite struct WebhooksRotateKeyTests {
    @Test(arguments: Backend.available)
    func `every secret is stored anew and read as before`(on backend: Backend) async throws {
        try await withHooks(on: backend, secrets: ["one", "", "ü"]) { registry, file in
            let (old, before) = (try file.read(), try await registry.stored())

            let resealed = try await WebhooksRotateKeyCommand.rotate(file, registry.secrets)

            #expect(resealed == WebhookSecretStore.Resealed(count: 2, unreadable: []))
            let (keys, after) = (try file.read(), try await registry.stored())
            #expect(keys.count == 2)
            #expect(keys[1] == old[0])
            #expect(Set(before.map(\.sealed)).isDisjoint(with: after.map(\.sealed)))
            let newest = SecretBox { [keys[0]] }
            #expect(try after.map { try newest.open($0.sealed, of: $0.id) } == ["one", "ü"])
        }
    }

    @Test(arguments: Backend.available)
    func `what a rotation left that was ended is read, and the next ends it`(on backend: Backend) async throws
    {
        try await withHooks(on: backend, secrets: ["one", "two", "three"]) { registry, file in
            let box = registry.webhookMeans.secrets
            func read() async throws -> [String] {
                try await registry.stored().map { try box.open($0.sealed, of: $0.id) }
            }

            // Ended before the transaction, then after it, then a server stores by the key that it had read before.
            let first = try file.read()[0]
            try file.replace(with: [SecretBox.newKey(), first])
            #expect(try await read() == ["one", "two", "three"])
            _ = try await registry.secrets.reseal()
            #expect(try await read() == ["one", "two", "three"])
            let id = try await registry.stored()[0].id
            let late = try SecretBox { [first] }.seal("late", of: id)
            try await registry.database.write { connection in
                _ = try connection.execute("UPDATE webhooks SET secret = \(late) WHERE webhook_key = 1")
            }
            #expect(try await read() == ["late", "two", "three"])

            for count in [2, 2] {
                _ = try await WebhooksRotateKeyCommand.rotate(file, registry.secrets)
                #expect(try file.read().count == count)
                #expect(try await read() == ["late", "two", "three"])
            }
            #expect(try !file.read().contains(first))
        }
    }

    @Test func `a secret that no key opens stays and is named`() async throws {
        try await withHooks(on: .sqlite, secrets: ["one", "two"]) { registry, file in
            let hooks = try await registry.stored()
            let foreign = try SecretBox.temporary.seal("x", of: hooks[0].id)
            try await registry.database.write { connection in
                _ = try connection.execute("UPDATE webhooks SET secret = \(foreign) WHERE webhook_key = 1")
            }

            let resealed = try await WebhooksRotateKeyCommand.rotate(file, registry.secrets)

            #expect(resealed == WebhookSecretStore.Resealed(count: 1, unreadable: [hooks[0].id]))
            #expect(try await registry.stored()[0].sealed == foreign)
        }
    }

    /// A registry with webhooks that have these secrets, under the key of a new file.
    private func withHooks(
        on backend: Backend,
        secrets: [String],
        _ body: (Registry, KeyFile) async throws -> Void
    ) async throws {
        let folder = try TemporaryFolder()
        let file = KeyFile(folder.path + "/webhook-secrets.key")
        _ = try file.readOrMake()
        let means = WebhookMeans(
            client: OutboundClient(policy: OutboundPolicy(schemes: ["http"], allowsPrivateAddresses: true)),
            secrets: SecretBox { try file.read() }
        )
        try await withDatabase(on: backend, migrations: Storage.migrations) { database in
            let registry = Registry(database: database, webhooks: means)
            for secret in secrets {
                let new = try NewWebhook(
                    name: WebhookName("hook"),
                    url: "http://127.0.0.1:65535/",
                    events: [.registeredModelCreated],
                    secret: secret
                )
                _ = try await registry.webhooks(for: Storage.localCaller).create(new)
            }
            try await body(registry, file)
        }
        try folder.remove()
    }
}

extension Registry {
    fileprivate var secrets: WebhookSecretStore { WebhookSecretStore(database, webhookMeans) }

    /// The secrets as they are stored, by age.
    fileprivate func stored() async throws -> [(id: String, sealed: [UInt8])] {
        try await database.read { connection in
            try connection.rows(
                "SELECT webhook_id, secret FROM webhooks WHERE secret IS NOT NULL ORDER BY webhook_key"
            ) { ($0.text(0), $0.blob(1)) }
        }
    }
}
