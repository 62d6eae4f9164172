import ArgumentParser
import Core

/// `roost models`: whether the files of a version are still those that were signed.
struct ModelsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models",
        abstract: "Check the signatures of model versions.",
        discussion: """
            A version whose files this server keeps is signed when it is registered. A version is named as MLflow names it: \
            models:/iris/3, models:/iris@champion, models:/iris/Production, models:/iris/latest.
            """,
        subcommands: [
            VerifyCommand.self, ManifestCommand.self, SignCommand.self, SigningKeyCommand.self,
        ]
    )
}

struct ManifestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "manifest",
        abstract: "Show which files of a version were signed; with --envelope, what others' tools check.",
        discussion:
            "The envelope is DSSE around an in-toto statement with the predicate of OpenSSF's model signing."
    )

    @Argument(help: "The version, such as models:/iris/3.") var uri: String
    @Flag(help: "Write the signed envelope alone.") var envelope = false
    @OptionGroup var options: RegistryOptions

    func run() async throws {
        let call = RegistryCall(.get, "roost/model-versions/manifest", ["uri": .string(uri)])
        try await options.tell(call) { answer in
            guard answer.word("signature") == "valid" else {
                throw SettingError("\(uri) is not signed: \(answer.word("reason")).")
            }
            if envelope { return (answer["envelope"] ?? .null).text }
            return TextTable(
                headings: ["SHA-256", "BYTES", "FILE"],
                rows: answer.list("files").map { file in
                    [file.word("sha256"), file.word("size"), file.word("path")]
                }
            ).text
        }
    }
}

struct SignCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign",
        abstract: "Sign a version that was registered before its files were there."
    )

    @Argument(help: "The version, such as models:/iris/3.") var uri: String
    @OptionGroup var options: RegistryOptions

    func run() async throws {
        let call = RegistryCall(.post, "roost/model-versions/sign", ["uri": .string(uri)])
        try await options.tell(call) { answer in
            "\(uri) is signed: \(answer.list("files").count) files, key \(answer.word("key_id"))."
        }
    }
}
