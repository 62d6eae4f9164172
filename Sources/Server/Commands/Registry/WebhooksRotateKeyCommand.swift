import ArgumentParser
import Core
import Registry
import Webhooks

struct WebhooksRotateKeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate-key",
        abstract: "Store the secrets of all webhooks under a new key.",
        discussion: """
            The new key goes to the front of webhook-secrets.key in the data folder, then every secret is encrypted anew in one \
            transaction; the key before stays behind the new one until the next rotation, for what a server stored in that \
            moment. It can be ended at any moment and run again. Servers on this machine need not be started again; those \
            elsewhere on the same database need a copy of the file.
            """
    )

    @OptionGroup var options: RegistryOptions

    func validate() throws {
        guard options.server == nil else {
            throw ValidationError("rotate-key goes with the data: the key is a file beside it.")
        }
    }

    func run() async throws {
        let settings = try options.settings()
        try await settings.requireData()
        let means = try WebhookMeans(settings)
        let storage = try await Storage.open(settings, webhooks: means)
        let resealed: WebhookSecretStore.Resealed
        do {
            resealed = try await Self.rotate(KeyFile(settings), WebhookSecretStore(storage.database, means))
        } catch {
            try await storage.close()
            throw error
        }
        try await storage.close()
        print(options.writesJSON ? Self.json(resealed) : Self.text(resealed))
    }

    /// Whoever is ended between two steps leaves a file with every key that a secret may lie under.
    static func rotate(
        _ file: KeyFile,
        _ secrets: WebhookSecretStore
    ) async throws -> WebhookSecretStore.Resealed {
        try await file.alone {
            let old = try file.readOrMake()
            let new = SecretBox.newKey()
            try file.replace(with: [new] + old)
            let resealed = try await secrets.reseal()
            // The one before is for what a server, which had read the file earlier, has stored since.
            try file.replace(with: [new] + old.prefix(1))
            return resealed
        }
    }

    private static func text(_ resealed: WebhookSecretStore.Resealed) -> String {
        let lines = ["\(resealed.count) secrets are stored under a new key."]
        let rest = resealed.unreadable.map {
            "The secret of webhook \($0) could not be read, and stays as it is."
        }
        return (lines + rest).joined(separator: "\n")
    }

    private static func json(_ resealed: WebhookSecretStore.Resealed) -> String {
        JSON.object([
            JSON.Member(key: "secrets", value: .integer(Int64(resealed.count))),
            JSON.Member(key: "unreadable", value: .array(resealed.unreadable.map(JSON.string))),
        ]).text
    }
}
