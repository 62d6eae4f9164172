import ArgumentParser
import Core

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

extension JSON {
    /// A file in a list of paths.
    fileprivate var fileName: String {
        JSON.object([Member(key: "name", value: self)]).word("name")
    }
}
