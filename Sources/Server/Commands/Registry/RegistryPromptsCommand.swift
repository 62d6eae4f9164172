import ArgumentParser
import Core
import MLflowClient

struct RegistryPromptsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prompts",
        abstract: "List prompts, show what they say, and register new versions.",
        discussion: """
            Prompts are registered models with a mark: versions, alias, tag, history and delete take their names too.
            """,
        subcommands: [PromptsListCommand.self, PromptsShowCommand.self, PromptsRegisterCommand.self]
    )
}

struct PromptsListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List prompts by name.")

    @OptionGroup var page: RegistryPage
    @OptionGroup var options: RegistryOptions

    func run() async throws {
        let call = RegistryCall(
            .get,
            "mlflow/registered-models/search",
            ["filter": .string("tags.`\(Prompts.mark)` = 'true'")],
            page: page
        )
        try await options.tell(call) { answer in
            TextTable(
                headings: ["NAME", "LATEST", "UPDATED", "DESCRIPTION"],
                rows: answer.list("registered_models").map { prompt in
                    [
                        prompt.word("name"), prompt.list("latest_versions").first?.word("version") ?? "",
                        prompt.time("last_updated_timestamp"), prompt.word("description"),
                    ]
                }
            ).text(of: answer)
        }
    }
}

struct PromptsShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Write the template of a version of a prompt."
    )

    @Argument(help: "The prompt.") var name: String
    @Argument(help: "The version: its number, latest or @alias.") var version: VersionWord
    @OptionGroup var options: RegistryOptions

    func run() async throws {
        try await options.tell(version.call(of: name)) { answer in
            let found = answer["model_version"] ?? .null
            guard let template = found.list("tags").first(where: { $0["key"] == .string(Prompts.text) })
            else {
                throw SettingError("Version \(found.word("version")) of \(name) is no prompt.")
            }
            return template.writtenLines("value")
        }
    }
}

struct PromptsRegisterCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "register",
        abstract: "Register a template as a new version of a prompt, and the prompt where there is none."
    )

    @Argument(help: "The prompt.") var name: String
    @Argument(help: "The template, with variables as {{name}}.") var template: String
    @Option(help: "What changed.") var message: String?
    @Option(help: "Why, for the history.") var comment: String?
    @OptionGroup var tags: TagOptions
    @OptionGroup var options: RegistryOptions

    func validate() throws {
        // As `mlflow.genai.register_prompt` has it, so that whoever uses MLflow can go on with the prompt.
        guard !name.isEmpty, name.utf8.allSatisfy(NameRules.isPlain) else {
            throw ValidationError(
                "The name of a prompt has letters, digits, hyphens, underscores and dots, and nothing else."
            )
        }
        for tag in tags.tags where Prompts.own.contains(where: { tag.hasPrefix($0) }) {
            throw ValidationError(
                "--tag \(tag): the tag says what the prompt is, and is set by this command."
            )
        }
    }

    func run() async throws {
        let mark = JSON.pair(Prompts.mark, "true")
        let model = RegistryCall(
            .post,
            "mlflow/registered-models/create",
            ["name": .string(name), "tags": .array([mark]), "comment": comment.map(JSON.string)]
        )
        let texts = [mark, .pair(Prompts.text, template), .pair(Prompts.type, "text")]
        let version = RegistryCall(
            .post,
            "mlflow/model-versions/create",
            [
                "name": .string(name), "source": .string(Prompts.source),
                "description": message.map(JSON.string),
                "tags": .array(texts + tags.json.elements), "comment": comment.map(JSON.string),
            ]
        )
        let answer = try await options.connect { line in
            do {
                _ = try await line.answer(to: model)
            } catch  where error.isAlreadyThere {
                // The prompt gets another version.
                let call = RegistryCall(.get, "mlflow/registered-models/get", ["name": .string(name)])
                guard try await line.answer(to: call)["registered_model"]?.isPrompt == true else {
                    throw SettingError(
                        "\(name) is a registered model and no prompt: give the prompt another name."
                    )
                }
            }
            return try await line.answer(to: version)
        }
        let number = answer["model_version"]?.word("version") ?? ""
        print(options.writesJSON ? answer.text : "Version \(number) of \(name) is registered.")
    }
}

extension Error {
    /// Whether a name is taken, as the data or a server says it.
    fileprivate var isAlreadyThere: Bool {
        if let failure = self as? Failure { return failure.code == .alreadyExists }
        guard case .refused(let refusal)? = self as? MLflowError else { return false }
        return refusal.code == Failure.Code.alreadyExists.rawValue
    }
}

/// The words by which registered models are prompts.
///
/// - Source: MLflow 3.17, `mlflow/prompt/constants.py`.
enum Prompts {
    static let mark = "mlflow.prompt.is_prompt"
    static let text = "mlflow.prompt.text"
    static let type = "_mlflow_prompt_type"
    static let source = "prompt-template"
    /// How the tags begin that nobody sets by hand.
    static let own = ["mlflow.prompt.", "_mlflow_prompt"]
}

extension JSON {
    /// Whether a registered model is a prompt.
    var isPrompt: Bool {
        list("tags").contains {
            $0["key"] == .string(Prompts.mark) && $0.word("value").lowercased() == "true"
        }
    }
}
