import ArgumentParser
import Core
import Registry

struct SigningKeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key",
        abstract: "Print the public keys that versions are signed with, the newest first.",
        discussion: """
            With --rotate, a new key takes the place of the one in the data folder. The old public key stays, so that what it \
            signed can still be checked. A server that runs signs with the old key until it is started again.
            """
    )

    @Flag(help: "Make a new key first.") var rotate = false
    @OptionGroup var options: RegistryOptions

    func validate() throws {
        guard !rotate || options.server == nil else {
            throw ValidationError("--rotate goes with the data: the key is a file beside it.")
        }
    }

    func run() async throws {
        if rotate { try await replaceKey() }
        let call = RegistryCall(.get, "roost/signing-keys/list", [:])
        try await options.tell(call) { answer in
            answer.list("keys").map { key in
                let retired = key.time("retired_timestamp")
                return "key \(key.word("key_id"))\nmade \(key.time("creation_timestamp"))"
                    + (retired.isEmpty ? "" : ", retired \(retired)") + "\n" + key.lines("public_key")
            }.joined(separator: "\n")
        }
    }

    private func replaceKey() async throws {
        let settings = try options.settings()
        try await settings.requireData()
        let file = SigningKeyFile(path: settings.signingKeyFile)
        let old = try file.readOrMake()
        let storage = try await Storage.open(settings)
        let new = SigningKey()
        try file.replace(with: new)
        try await storage.registry.signingKeys.replace(old.publicKey, by: new.publicKey)
        try await storage.close()
    }
}

extension JSON {
    /// A text of several lines.
    fileprivate func lines(_ key: String) -> String {
        if case .string(let text)? = self[key] { text } else { "" }
    }
}
