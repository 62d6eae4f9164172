import ArgumentParser
import Core
import Registry

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

struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Read the files of a version again and compare them with what was signed.",
        discussion:
            "The exit status is 1 unless every file is as it was signed, and no file is there besides."
    )

    @Argument(help: "The version, such as models:/iris/3.") var uri: String
    @Option(
        help: ArgumentHelp("Be content with this key alone; `roost models key` says its id.", valueName: "id")
    )
    var keyID: String?
    @OptionGroup var options: RegistryOptions

    func run() async throws {
        let call = RegistryCall(.get, "roost/model-versions/verify", ["uri": .string(uri)])
        let answer = try await options.connect { try await $0.answer(to: call) }
        let report = VerificationText(answer, uri: uri, wantedKeyID: keyID)
        print(options.writesJSON ? answer.text : report.text)
        guard report.isVerified else { throw ExitCode(1) }
    }
}

/// What a verification found, for people.
struct VerificationText {
    private let answer: JSON
    private let uri: String
    private let wantedKeyID: String?

    init(_ answer: JSON, uri: String, wantedKeyID: String?) {
        self.answer = answer
        self.uri = uri
        self.wantedKeyID = wantedKeyID
    }

    var isVerified: Bool { answer["verified"] == .boolean(true) && isWantedKey }

    /// A sentence, and a line for each file that is not as it was.
    var text: String {
        let (name, version) = (answer.word("name"), answer.word("version"))
        let lead = "\(uri)\(uri == "models:/\(name)/\(version)" ? "" : " (version \(version))")"
        switch answer.word("signature") {
        case "none": return "\(lead) is not signed: \(answer.word("reason"))."
        case "waiting": return "\(lead) is not signed: \(answer.word("reason"))."
        case "broken": return "\(lead) is NOT verified: \(answer.word("reason"))."
        default: break
        }
        let signed =
            "\(answer.time("signed_timestamp")) by \(answer.word("signed_by")), key \(answer.word("key_id"))"
        guard isWantedKey else {
            return "\(lead) is NOT verified: it was signed with another key (\(signed))."
        }
        guard !isVerified else { return "\(lead) is verified: \(files) as signed (\(signed))." }
        let lines = ["changed", "missing", "added"].flatMap { state in
            answer.list(state).map { file in "  \(state)  \(file.fileName)" }
        }
        return (["\(lead) is NOT verified: its files are not those that were signed (\(signed))."] + lines)
            .joined(
                separator: "\n"
            )
    }

    private var isWantedKey: Bool { wantedKeyID == nil || wantedKeyID == answer.word("key_id") }

    private var files: String {
        let count = answer.word("intact")
        return count == "1" ? "1 file is" : "\(count) files are"
    }
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
    /// A file in a list of paths.
    fileprivate var fileName: String {
        if case .string(let name) = self { name } else { text }
    }

    /// A text of several lines.
    fileprivate func lines(_ key: String) -> String {
        if case .string(let text)? = self[key] { text } else { "" }
    }
}
