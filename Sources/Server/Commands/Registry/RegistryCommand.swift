import ArgumentParser
import Core

/// `roost registry`: what is registered, what became of it, and who has to agree.
struct RegistryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "registry",
        abstract:
            "See and change the model registry: versions, aliases, stages, history, approvals, prompts, webhooks.",
        discussion: """
            The commands speak to the data of a server by the settings of `roost serve`, also while it runs, or with --server \
            to a server elsewhere. They do what the API does, with the same rules and the same history.

            What champion was in March:   roost registry alias at iris champion 2026-03-15T00:00:00Z
            Back to the version before:   roost registry alias rollback iris champion --comment "drift"
            Two must agree:               roost registry approvals rule iris --alias champion --approvals 2
            """,
        subcommands: [
            RegistryListCommand.self, RegistryShowCommand.self, RegistryVersionsCommand.self,
            RegistryHistoryCommand.self, RegistryCreateCommand.self, RegistryRegisterCommand.self,
            RegistryRenameCommand.self, RegistryDescribeCommand.self, RegistryTagCommand.self,
            RegistryAliasCommand.self, RegistryStageCommand.self, RegistryApprovalsCommand.self,
            RegistryPromptsCommand.self, RegistryWebhooksCommand.self, RegistryDeleteCommand.self,
        ]
    )
}

struct RegistryListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List registered models by name."
    )

    @Option(
        help: ArgumentHelp("As in mlflow.search_registered_models, such as \"name LIKE 'iris%'\".")
    )
    var filter: String?
    @OptionGroup var page: RegistryPage
    @OptionGroup var options: RegistryOptions

    func run() async throws {
        let call = RegistryCall(
            .get,
            "mlflow/registered-models/search",
            ["filter": filter.map(JSON.string)],
            page: page
        )
        try await options.tell(call) { answer in
            TextTable(
                headings: ["NAME", "VERSIONS IN STAGES", "ALIASES", "UPDATED"],
                rows: answer.list("registered_models").map { model in
                    [
                        model.word("name"),
                        model.list("latest_versions").map {
                            "\($0.word("version")) \($0.word("current_stage"))"
                        }
                        .joined(separator: ", "),
                        model.aliases, model.time("last_updated_timestamp"),
                    ]
                }
            ).text(of: answer)
        }
    }
}

struct RegistryShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a registered model, or one of its versions."
    )

    @Argument(help: "Its name.") var name: String
    @Option(help: ArgumentHelp("This version: its number, latest or @alias.", valueName: "version"))
    var version: VersionWord?
    @OptionGroup var options: RegistryOptions

    func run() async throws {
        if let version { return try await show(version) }
        let call = RegistryCall(.get, "mlflow/registered-models/get", ["name": .string(name)])
        try await options.tell(call) { answer in
            let model = answer["registered_model"] ?? .null
            let stages = model.list("latest_versions").map {
                "\($0.word("current_stage")) \($0.word("version"))"
            }
            return Self.text([
                ("name", model.word("name")), ("created", model.time("creation_timestamp")),
                ("updated", model.time("last_updated_timestamp")),
                ("description", model.word("description")), ("aliases", model.aliases),
                ("tags", model.tags), ("stages", stages.joined(separator: ", ")),
            ])
        }
    }

    private func show(_ version: VersionWord) async throws {
        let (answer, files) = try await options.connect { line in
            let answer = try await line.answer(to: version.call(of: name))
            let number = answer["model_version"]?.word("version") ?? ""
            let call = RegistryCall(
                .get,
                "mlflow/model-versions/get-download-uri",
                ["name": .string(name), "version": .string(number)]
            )
            return (answer, try await line.answer(to: call).word("artifact_uri"))
        }
        guard !options.writesJSON else { return print(answer.text) }
        let version = answer["model_version"] ?? .null
        let aliases = version.list("aliases").map { alias in
            if case .string(let text) = alias { text } else { alias.text }
        }
        print(
            Self.text([
                ("name", version.word("name")), ("version", version.word("version")),
                ("stage", version.word("current_stage")), ("created", version.time("creation_timestamp")),
                ("updated", version.time("last_updated_timestamp")),
                ("description", version.word("description")), ("aliases", aliases.joined(separator: ", ")),
                ("tags", version.tags), ("run", version.word("run_id")), ("source", version.word("source")),
                ("files", files),
            ])
        )
    }

    private static func text(_ facts: [(String, String)]) -> String {
        facts.filter { !$0.1.isEmpty }.map { "\($0.0): \($0.1)" }.joined(separator: "\n")
    }
}

struct RegistryVersionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "versions",
        abstract: "List the versions of a registered model or of a prompt, the newest first."
    )

    @Argument(help: "The model.") var name: String
    @Option(
        help: ArgumentHelp("As in mlflow.search_model_versions, such as \"tags.stage = 'tried'\".")
    )
    var filter: String?
    @OptionGroup var page: RegistryPage
    @OptionGroup var options: RegistryOptions

    func run() async throws {
        let answer = try await options.connect { line in
            // A search finds nothing of a model that is not there, and prompts only for who asks for prompts.
            let model = try await line.answer(
                to: RegistryCall(.get, "mlflow/registered-models/get", ["name": .string(name)])
            )["registered_model"]
            // The name comes last: a backslash at its end would keep its quote from closing it for what follows.
            let conditions = [
                model?.isPrompt == true ? "tags.`\(Prompts.mark)` = 'true'" : nil,
                filter.map { $0.uppercased().contains(" OR ") ? "(\($0))" : $0 }, "name = \(try quoted)",
            ]
            let call = RegistryCall(
                .get,
                "mlflow/model-versions/search",
                [
                    "filter": .string(conditions.compactMap { $0 }.joined(separator: " AND ")),
                    "order_by": .array([.string("version_number DESC")]),
                ],
                page: page
            )
            return try await line.answer(to: call)
        }
        guard !options.writesJSON else { return print(answer.text) }
        let table = TextTable(
            headings: ["VERSION", "STAGE", "CREATED", "SOURCE"],
            rows: answer.list("model_versions").map { version in
                [
                    version.word("version"), version.word("current_stage"),
                    version.time("creation_timestamp"), version.word("source"),
                ]
            }
        )
        print(table.text(of: answer))
    }

    /// The name as a filter has it, whose grammar has no way to write a quote within quotes of its kind.
    private var quoted: String {
        get throws {
            let quotes = ["'", "\""]
            guard let quote = quotes.first(where: { !name.contains($0) }) else {
                throw SettingError("A filter cannot name \(name), which has quotes of both kinds.")
            }
            return quote + name + quote
        }
    }
}

struct RegistryHistoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract:
            "Tell what happened to a registered model or an alias, the newest first; also to what is deleted."
    )

    @Argument(help: "The model.") var name: String
    @Option(help: "Only this alias.") var alias: String?
    @OptionGroup var page: RegistryPage
    @OptionGroup var options: RegistryOptions

    func run() async throws {
        let call = RegistryCall(
            .get,
            "roost/registered-models/history",
            ["name": .string(name), "alias": alias.map(JSON.string)],
            page: page
        )
        try await options.tell(call) { answer in
            TextTable(
                headings: ["TIME", "WHO", "WHAT", "TO", "DETAILS"],
                rows: answer.list("events").map { event in
                    [
                        event.time("timestamp"), event.word("actor"), event.word("kind"),
                        String(event.word("subject").dropFirst("registered_model/".count)),
                        event.word("details"),
                    ]
                }
            ).text(of: answer)
        }
    }
}

struct RegistryStageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stage",
        abstract: "Move a version to a stage: None, Staging, Production or Archived."
    )

    @Argument(help: "The model.") var name: String
    @Argument(help: "The number of the version.") var version: String
    @Argument(help: "The stage.") var stage: String
    @Flag(name: .customLong("archive-existing"), help: "Send the versions that are there to the archive.")
    var archivesOthers = false
    @Option(help: "Why.") var comment: String?
    @OptionGroup var options: RegistryOptions

    func run() async throws {
        let call = RegistryCall(
            .post,
            "mlflow/model-versions/transition-stage",
            [
                "name": .string(name), "version": .string(version), "stage": .string(stage),
                "archive_existing_versions": .boolean(archivesOthers), "comment": comment.map(JSON.string),
            ]
        )
        try await options.tell(call) { answer in
            let stage = answer["model_version"]?.word("current_stage") ?? ""
            return "Version \(version) of \(name) is in \(stage)."
        }
    }
}

struct RegistryDeleteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete a registered model, or one of its versions, for good.",
        discussion: """
            A version that an alias points at or that is in Production goes only with --force, and so does a model that has \
            one; what an approval rule protects does not go at all. The history stays.
            """
    )

    @Argument(help: "The model.") var name: String
    @Option(help: ArgumentHelp("Only this version.", valueName: "number")) var version: String?
    @Flag(name: .customLong("force"), help: "Also what is in use.")
    var isForced = false
    @Option(help: "Why.") var comment: String?
    @OptionGroup var options: RegistryOptions

    func run() async throws {
        guard let version else {
            let call = RegistryCall(
                .delete,
                "roost/registered-models/delete",
                [
                    "name": .string(name), "force": .boolean(isForced), "comment": comment.map(JSON.string),
                ]
            )
            return try await options.tell(call) { _ in "\(name) is deleted." }
        }
        let call = RegistryCall(
            .delete,
            "roost/model-versions/delete",
            [
                "name": .string(name), "version": .string(version), "force": .boolean(isForced),
                "comment": comment.map(JSON.string),
            ]
        )
        try await options.tell(call) { _ in "Version \(version) of \(name) is deleted." }
    }
}

extension JSON {
    /// The tags of a model or a version.
    fileprivate var tags: String {
        list("tags").map { "\($0.word("key"))=\($0.word("value"))" }.joined(separator: ", ")
    }

    /// The aliases of a model, with their versions.
    fileprivate var aliases: String {
        list("aliases").map { "\($0.word("alias")) \($0.word("version"))" }.joined(separator: ", ")
    }
}
